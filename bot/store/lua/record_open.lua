-- A new record, due now, with its first messages.
--- use: needs_room record
--- args: kind id version doc owner viewer once channel subject wakes:list entries:list

-- Records that a channel's index names.
local MOST = 100

if saved_before(once) or exists(kind, id) then return 0 end
if subject ~= '' then
  local subjects = KEY.subjects(kind, channel)
  local other = redis.call('HGET', subjects, subject)
  if other and exists(kind, other) and not garbled(kind .. ':' .. other) then return 0 end
  redis.call('HSET', subjects, subject, id)
  redis.call('EXPIRE', subjects, RECORD_TTL)
  redis.call('HSET', KEY.record(kind, id), 'subject', subject)
end
mark(once)
store(kind, id, version, doc, owner, viewer)
index(kind, channel, id, MOST)
schedule(kind .. ':' .. id, now)
for _, other in ipairs(wakes) do wake(other) end
create(entries)
return 1
