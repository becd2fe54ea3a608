-- Make due what another release set aside, and this one reads.
--- use: due
--- args: members:list
local back = 0
for _, member in ipairs(members) do
  local parked = redis.call('ZSCORE', KEY.parked, member)
  unpark(member)
  if parked then
    schedule(member, now)
    back = back + 1
  end
end
return back
