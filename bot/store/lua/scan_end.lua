-- Save a scan that is over, and make those due who wait for it.
--- use: scan
--- args: id loaded version doc fence scope good:flag owners:list

-- Seconds that what was seen of each function is kept, from the scan's end on. While it goes on all
-- of it is kept as long as the record: a clock that is set forward by a day must not end it.
local SEEN_TTL = 24 * 3600
-- Seconds for which it is good enough for who may be served what was scanned before.
local RECENT_FOR = 300

if not is_version('scan', id, loaded) or not held('scan:' .. id, fence) then return false end
store('scan', id, version, doc, '')
for i = 1, #owners, 2 do
  redis.call('HSET', KEY.scan_part(id, 'owners'), owners[i], owners[i + 1])
end
for _, part in ipairs({'seen', 'exact', 'unread', 'owners'}) do
  redis.call('EXPIRE', KEY.scan_part(id, part), SEEN_TTL)
end
if redis.call('GET', KEY.scan_running(scope)) == id then
  redis.call('DEL', KEY.scan_running(scope))
end
if good then redis.call('SET', KEY.scan_recent(scope), id, 'EX', RECENT_FOR) end
finish('scan:' .. id)
redis.call('DEL', KEY.scan_part(id, 'chunks'), KEY.scan_part(id, 'done'))
return wake(KEY.scan_part(id, 'waiters'), function(member) schedule(member, now) end)
