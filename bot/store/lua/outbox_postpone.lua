-- Not before `at`; `call` names what Slack wants no more of until then, if anything.
--- use: pauses
--- args: key fence at:number state cursor call
local member = 'entry:' .. key
if not held(member, fence) then return false end
redis.call('HSET', KEY.entry(key), 'state', state, 'after', at)
schedule(member, at)
read_until(key, cursor)
if call ~= '' then limited(key, call, at) end
if get(key, 'folds') == '1' then
  local name = get(key, 'lane')
  fold(name, redis.call('LINDEX', KEY.sequence(name), -1))
  lead(name)
end
return 1
