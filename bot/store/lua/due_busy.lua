-- Whether somebody works on anything, or something is due within that time.
--- use: due
--- args: within:number
if redis.call('HLEN', KEY.claims) > 0 then return 1 end
return redis.call('ZCOUNT', KEY.due, '-inf', now + within) > 0 and 1 or 0
