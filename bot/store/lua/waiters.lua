-- Who waits for something is a set of members of the due set; its end makes them due.

local function add_waiter(waiters, member, ttl)
  redis.call('SADD', waiters, member)
  redis.call('EXPIRE', waiters, ttl)
end

local function wake(waiters, make_due)
  local woken = redis.call('SMEMBERS', waiters)
  for _, member in ipairs(woken) do make_due(member) end
  return woken
end
