-- Keep what a chunk's worker has found so far; the last chunk of a stage makes the scan due.
-- `planned`: how many chunks. `following`: the chunk that begins when this one has ended.
--- use: scan
--- args: id number doc fence ended:flag later:flag planned:number following seen:list exact:list unreadable:list
local member = 'chunk:' .. id .. ':' .. number
if not held(member, fence) then return 0 end
local function keep(part, pairs)
  if #pairs == 0 then return end
  local name = KEY.scan_part(id, part)
  for i = 1, #pairs, 2 do redis.call('HSET', name, pairs[i], pairs[i + 1]) end
  redis.call('EXPIRE', name, RECORD_TTL)
end
keep('seen', seen)
keep('exact', exact)
keep('unread', unreadable)
redis.call('HSET', KEY.scan_part(id, 'chunks'), number, doc)
redis.call('HDEL', KEY.tries, member)
if ended then
  local done = KEY.scan_part(id, 'done')
  finish(member)
  redis.call('SADD', done, number)
  redis.call('EXPIRE', done, RECORD_TTL)
  if following ~= '' then schedule('chunk:' .. id .. ':' .. following, now) end
  if redis.call('SCARD', done) >= planned then schedule('scan:' .. id, now) end
elseif later then
  schedule(member, now)
end
return 1
