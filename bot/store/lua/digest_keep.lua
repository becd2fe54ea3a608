-- A new digest, due at its slot.
--- use: needs_room digest
--- args: id version doc owner viewer channel at:number most_in_channel:number most_in_workspace:number entries:list
if exists('digest', id) then return 'before' end
if redis.call('ZCARD', KEY.digests_of(channel)) >= most_in_channel then return 'channel_full' end
if redis.call('ZCARD', KEY.digests) >= most_in_workspace then return 'workspace_full' end
write('digest', id, version, doc, owner, viewer)
redis.call('HSET', name(id), 'known', '')
redis.call('ZADD', KEY.digests_of(channel), now, id)
redis.call('ZADD', KEY.digests, now, id)
schedule('digest:' .. id, at)
create(entries)
return 'now'
