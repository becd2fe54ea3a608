-- How far the event history of a place was read, and when it is read next.
--- use: due
--- args: place mark fence due_at:number
if not held('catch_up:' .. place, fence) then return 0 end
redis.call('SET', KEY.watch_mark(place), mark)
schedule('catch_up:' .. place, due_at)
return 1
