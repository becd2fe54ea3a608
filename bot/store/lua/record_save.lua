-- The next version of a record, if nothing moved since it was loaded.
--- use: record
--- args: kind id loaded version doc owner viewer once channel subject fence keep_claim:flag due_at:number wakes:list entries:list
local member, name = kind .. ':' .. id, KEY.record(kind, id)
if saved_before(once) or not is_version(kind, id, loaded) then return 0 end
if fence ~= '' and not held(member, fence) then return 0 end
mark(once)
store(kind, id, version, doc, owner, viewer)
local had = redis.call('HGET', name, 'subject')
if had then redis.call('EXPIRE', KEY.subjects(kind, channel), RECORD_TTL) end
if had and subject == '' then
  redis.call('HDEL', KEY.subjects(kind, channel), had)
  redis.call('HDEL', name, 'subject')
end
if keep_claim then
  -- its due time is the end of the lease
elseif due_at then
  schedule(member, due_at)
elseif fence ~= '' then
  finish(member)
end
for _, other in ipairs(wakes) do wake(other) end
create(entries)
return 1
