-- The next version of a deployment, if nothing moved since it was loaded: neither it nor the states
-- of its functions. Without a claim its due time only moves forward, for whoever works on it.
--- use: record
--- args: id loaded version doc place fence due_at:number open:flag states:list wakes:list entries:list

-- Seconds; what was proved of a function so long ago is forgotten.
local STATES_TTL = 30 * 24 * 3600

local member, known = 'deploy:' .. id, KEY.watch_states(place)
if not is_version('deploy', id, loaded) then return 0 end
if fence ~= '' and not held(member, fence) then return 0 end
-- three words a function: its name, the state that its caller knew, the state now
for i = 1, #states, 3 do
  if (redis.call('HGET', known, states[i]) or '') ~= states[i + 1] then return 0 end
end
for i = 1, #states, 3 do redis.call('HSET', known, states[i], states[i + 2]) end
if #states > 0 then redis.call('EXPIRE', known, STATES_TTL) end
store('deploy', id, version, doc, '', '')
if not open then redis.call('ZREM', KEY.deploys_open(place), id) end
if fence == '' then
  local at = tonumber(redis.call('ZSCORE', KEY.due, member) or math.huge)
  local claimed = redis.call('HEXISTS', KEY.claims, member) == 1
  if due_at and not claimed and due_at < at then schedule(member, due_at) end
elseif due_at then
  schedule(member, due_at)
else
  finish(member)
end
for _, other in ipairs(wakes) do wake(other) end
create(entries)
return 1
