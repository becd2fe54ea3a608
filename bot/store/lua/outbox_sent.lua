-- It landed: what waited for it is due.
--- use: outbox
--- args: key fence ts copies_after:number replaced
if not held('entry:' .. key, fence) then return false end
local tries = tonumber(get(key, 'tries') or 0)
if get(key, 'folds') == '1' then
  redis.call('HSET', KEY.entry(get(key, 'parent')), 'edited_at', now)
end
settle(key, 'sent', 'ts', ts)
if replaced ~= '' and redis.call('EXISTS', KEY.entry(replaced)) == 1 then
  redis.call('HSET', KEY.entry(replaced), 'ts', ts)
  redis.call('HDEL', KEY.entry(replaced), 'replaced_by')
  redis.call('EXPIRE', KEY.entry(replaced), FINISHED_TTL)
end
if tries > 1 then schedule('copies:' .. key, now + copies_after) end
lead('update:' .. key)
lead('thread:' .. key)
if replaced ~= '' then lead('thread:' .. replaced) end
return released
