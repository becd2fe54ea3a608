-- The work is over.
--- use: flight
--- args: name token
local owner = redis.call('GET', KEY.flight(name))
if owner and owner ~= token then return {} end
local woken = wake_waiters(name)
redis.call('DEL', KEY.flight(name), KEY.flight_waiters(name), KEY.flight_confirmed(name))
return woken
