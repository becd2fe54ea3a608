-- These are due now, unless somebody is at them.
--- use: due
--- args: members:list
for _, member in ipairs(members) do
  if redis.call('HEXISTS', KEY.claims, member) == 0 then schedule(member, now) end
end
return 1
