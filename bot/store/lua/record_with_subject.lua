-- Ids of the records of a channel that have a subject; those that are gone are forgotten.
--- args: kind channel
local subjects, ids = KEY.subjects(kind, channel), {}
for _, subject in ipairs(redis.call('HKEYS', subjects)) do
  local id = redis.call('HGET', subjects, subject)
  if redis.call('EXISTS', KEY.record(kind, id)) == 1 then
    table.insert(ids, id)
  else
    redis.call('HDEL', subjects, subject)
  end
end
return ids
