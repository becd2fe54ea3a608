-- A new deployment of a place, if the open ones are those that its caller knew.
--- use: needs_room record
--- args: id version doc place expected:list due_at:number
local open = KEY.deploys_open(place)
if exists('deploy', id) or redis.call('ZCARD', open) ~= #expected then return 0 end
for _, other in ipairs(expected) do
  if not redis.call('ZSCORE', open, other) then return 0 end
end
store('deploy', id, version, doc, '', '')
redis.call('ZADD', open, now, id)
redis.call('EXPIRE', open, RECORD_TTL)
schedule('deploy:' .. id, due_at)
return 1
