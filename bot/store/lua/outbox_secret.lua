-- What markers are signed with; drawn once for each store.
--- use: when_full
--- args: drawn
redis.call('SET', KEY.marker, drawn, 'NX')
return redis.call('GET', KEY.marker)
