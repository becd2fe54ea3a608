-- The next version of a digest, if nothing moved since it was loaded.
--- use: digest
--- args: id loaded version doc owner viewer once fence due_at:number memory memory_before entries:list
if saved_before(once) or not is_version('digest', id, loaded) then return 0 end
if fence ~= '' and not held('digest:' .. id, fence) then return 0 end
mark(once)
write('digest', id, version, doc, owner, viewer)
if memory ~= '' then redis.call('HSET', name(id), 'known', memory) end
if memory_before ~= '' then redis.call('HSET', name(id), 'before', memory_before) end
if due_at then schedule('digest:' .. id, due_at) end
create(entries)
return 1
