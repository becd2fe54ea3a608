-- The server's time, and how many of its steps were corrected.
--- use: server_time
return {server_now, tonumber(redis.call('HGET', KEY.clock, 'steps') or 0)}
