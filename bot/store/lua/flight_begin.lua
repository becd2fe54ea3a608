-- Whether the work is the caller's.
--- use: when_full
--- args: name token lease
return redis.call('SET', KEY.flight(name), token, 'NX', 'PX', lease) and 1 or 0
