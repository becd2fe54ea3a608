-- Begin the lease again.
--- use: due
--- args: member fence lease:number
if held(member, fence) then redis.call('ZADD', KEY.due, 'XX', now + lease, member) end
