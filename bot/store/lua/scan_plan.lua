-- Save chunks to do: number, document, and 1 where it is due now.
--- use: scan
--- args: id loaded version doc fence chunks:list
local member, name = 'scan:' .. id, KEY.scan_part(id, 'chunks')
if not is_version('scan', id, loaded) or not held(member, fence) then return 0 end
store('scan', id, version, doc, '')
for i = 1, #chunks, 3 do
  redis.call('HSET', name, chunks[i], chunks[i + 1])
  if chunks[i + 2] == '1' then schedule('chunk:' .. id .. ':' .. chunks[i], now) end
end
redis.call('EXPIRE', name, RECORD_TTL)
finish(member)
return 1
