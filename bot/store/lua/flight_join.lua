-- Wait for the end, where somebody is at work.
--- use: when_full waiters
--- args: name waiter
if redis.call('EXISTS', KEY.flight(name)) == 0 then return 0 end
add_waiter(KEY.flight_waiters(name), waiter, 3600)
return 1
