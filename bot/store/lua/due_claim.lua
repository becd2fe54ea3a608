-- Take what is due, until the end of a lease.
--- use: due
--- args: member lease:number
local at = redis.call('ZSCORE', KEY.due, member)
if not at or tonumber(at) > now then return false end
local fence = redis.call('INCR', KEY.fences)
redis.call('ZADD', KEY.due, now + lease, member)
redis.call('HSET', KEY.claims, member, fence)
redis.call('HINCRBY', KEY.tries, member, 1)
return {fence, now + lease, tonumber(at)}
