-- Messages that belong to no record; twice is once.
--- use: outbox
--- args: entries:list
create(entries)
