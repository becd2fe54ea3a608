-- A digest is gone.
--- use: digest
--- args: id channel
if redis.call('ZREM', KEY.digests_of(channel), id) == 0 then return 0 end
redis.call('ZREM', KEY.digests, id)
unpark('digest:' .. id)
local viewer = redis.pcall('HGET', name(id), 'viewer')
if type(viewer) == 'string' then show_at_home(viewer) end
redis.call('DEL', name(id))
finish('digest:' .. id)
return 1
