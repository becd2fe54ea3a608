-- The time in milliseconds by which everything is due.
-- Where the server's clock has just jumped, it stands still for the half second until that was
-- noticed and corrected (clock_steps.py), so that nothing ends early meanwhile.
--- use: server_time
local now = server_now
local confirmed = tonumber(redis.call('HGET', KEY.clock, 'confirmed') or now)
local jumped = math.abs(now - confirmed) > 10000
if jumped then now = confirmed end
