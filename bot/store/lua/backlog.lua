-- What waits: ages of the oldest message and of what is due, how much is parked, queue lengths.
--- use: due
--- args: queues:list
local function age(at) return at and math.max(0, now - tonumber(at)) or 0 end

local oldest
for _ = 1, 100 do
  local head = redis.call('ZRANGE', KEY.outbox, 0, 0, 'WITHSCORES')
  if not head[1] then break end
  local state = redis.call('HGET', KEY.entry(head[1]), 'state')
  if state == 'pending' or state == 'sending' then oldest = head[2] break end
  -- a release that keeps no such set has settled it
  redis.call('ZREM', KEY.outbox, head[1])
end
local due = redis.call('ZRANGE', KEY.due, 0, 0, 'WITHSCORES')
local backlog = {age(oldest), age(due[2]), redis.call('ZCARD', KEY.parked)}
for _, queue in ipairs(queues) do table.insert(backlog, redis.call('LLEN', queue)) end
return backlog
