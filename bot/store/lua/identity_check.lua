-- Whose the store is, and by what name; who comes first names it.
--- use: when_full clock
--- args: team remembered drawn
local owner, name = unpack(redis.call('HMGET', KEY.identity, 'team', 'name'))
if owner and owner ~= team then return {'foreign', ''} end
if not name then
  redis.call('HSET', KEY.identity, 'team', team, 'name', drawn)
  if remembered == '' then return {'same', drawn} end
  redis.call('HSET', KEY.identity, 'lost', remembered, 'lost_at', now)
  return {'lost', drawn}
end
if remembered == '' or remembered == name then return {'same', name} end
local lost_before = redis.call('HGET', KEY.identity, 'lost') == remembered
return {lost_before and 'lost_before' or 'another', name}
