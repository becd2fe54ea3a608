-- Functions seen, functions seen exactly, chunks done.
--- use: when_full
--- args: id
return {redis.call('HLEN', KEY.scan_part(id, 'seen')), redis.call('HLEN', KEY.scan_part(id, 'exact')),
  redis.call('SCARD', KEY.scan_part(id, 'done'))}
