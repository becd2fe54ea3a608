-- Keep the value of a scope for a while.
--- use: due
--- args: scope value ttl
redis.call('HSET', KEY.evidence(scope), 'value', value, 'read_at', now)
redis.call('PEXPIRE', KEY.evidence(scope), ttl)
