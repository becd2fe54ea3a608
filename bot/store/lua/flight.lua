-- Single flight: one does the work, who else wants it waits.
--- use: due waiters

local function wake_waiters(name)
  -- the release before wrote diagnoses alone, and without their kind
  local function now_due(waiter)
    local member = string.find(waiter, ':', 1, true) and waiter or 'diagnosis:' .. waiter
    redis.call('ZADD', KEY.due, 'XX', 'LT', now, member)
  end
  return wake(KEY.flight_waiters(name), now_due)
end
