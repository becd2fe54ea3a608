-- How far the event history of a place was read, what of it is being read, and when it is read next.
--- use: due
--- args: place mark fence due_at:number reading why now:number
local history = KEY.watch_history(place)
if not held('catch_up:' .. place, fence) then return 0 end
redis.call('SET', KEY.watch_mark(place), mark)
redis.call('HDEL', history, 'reading')
if reading ~= '' then redis.call('HSET', history, 'reading', reading) end
if why ~= '' then
  redis.call('HSETNX', history, 'failing_since', now)
  redis.call('HSET', history, 'why', why)
else
  redis.call('HDEL', history, 'failing_since', 'why')
  redis.call('HSET', history, 'read_at', now)
end
schedule('catch_up:' .. place, due_at)
return 1
