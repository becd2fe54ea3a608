-- Set aside what cannot be done. The claim stays, for what is still saved because of it.
--- use: due
--- args: member fence
if not held(member, fence) then return 0 end
redis.call('ZADD', KEY.parked, now, member)
redis.call('ZREM', KEY.due, member)
redis.call('HDEL', KEY.tries, member)
return 1
