-- It never will land; `others` go in its place. `replaced` is the message that one of them replaces,
-- or that this one was to replace.
--- use: outbox
--- args: key fence why replaced others:list
if not held('entry:' .. key, fence) then return false end
if replaced ~= '' and others[1] then
  redis.call('HSET', KEY.entry(replaced), 'replaced_by', others[1])
end
bury(key, why)
if replaced ~= '' and not others[1] then
  redis.call('HDEL', KEY.entry(replaced), 'replaced_by')
  lead('thread:' .. replaced)
end
create(others)
return released
