-- There may be two of it.
--- use: outbox
--- args: key copies_after:number cursor
read_until(key, cursor)
schedule('copies:' .. key, now + copies_after)
