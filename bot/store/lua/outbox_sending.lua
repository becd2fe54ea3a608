-- Right before the call: false forbids it.
--- use: pauses
--- args: key fence lease:number call
local member = 'entry:' .. key
if not held(member, fence) or must_wait(key, call) then return false end
redis.call('HSET', KEY.entry(key), 'state', 'sending')
redis.call('ZADD', KEY.due, now + lease, member)
redis.call('HSETNX', KEY.entry(key), 'first_try_at', now)
redis.call('HSET', KEY.entry(key), 'last_try_at', now)
redis.call('HDEL', KEY.entry(key), 'cursor', 'slot')
return {redis.call('HINCRBY', KEY.entry(key), 'tries', 1), get(key, 'first_try_at'), now}
