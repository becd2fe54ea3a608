-- Somebody opened their App Home: it is shown now, and again whenever something of theirs moves.
--- use: homes
--- args: user notice notice_ttl:number
redis.call('ZREMRANGEBYSCORE', KEY.homes, '-inf', now - OPEN_FOR)
redis.call('ZADD', KEY.homes, now, user)
if notice ~= '' then redis.call('SET', KEY.home_notice(user), notice, 'PX', notice_ttl) end
schedule('app_home:' .. user, now)
