-- What is due, as "member, time" pairs, and where the next sweep goes on.
--- use: due
--- args: most:number most_of_a_kind:number start:number at_once:number
local swept, count, past = {}, {}, start + at_once
while start < past do
  local page = redis.call('ZRANGE', KEY.due, start, start + 999, 'WITHSCORES')
  for i = 1, #page, 2 do
    if tonumber(page[i + 1]) > now or #swept >= 2 * most then return {0, swept} end
    local kind = string.match(page[i], '^[^:]*')
    count[kind] = (count[kind] or 0) + 1
    if count[kind] <= most_of_a_kind then
      table.insert(swept, page[i])
      table.insert(swept, page[i + 1])
    end
  end
  if #page < 2000 then return {0, swept} end
  start = start + 1000
end
return {start, swept}
