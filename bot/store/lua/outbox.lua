-- How messages wait for each other.
--
-- An entry may stand in a sequence, a list of keys in creation order, of which only the first is
-- ever due. A sequence of replies, or of edits, opens when the message they belong to was sent;
-- what waits for a message that is dead dies with it. A new edit takes the place of the pending
-- ones before it: those count as sent, without a `ts`. A message is edited once a second at most.
-- A reply waits while its message may still be posted anew: until the first edit shows that Slack
-- edits it, and until the message in its place was sent.
-- What no release can read steps aside: replies behind it go on, and an edit waits for a newer one
-- that takes its place.
--
-- `doc` is the entry as it was created; what changes later are fields of their own beside it.
--- use: due

-- Seconds; longer than a diagnosis, whose card may still be edited.
local FINISHED_TTL = 14 * 24 * 3600
-- Milliseconds between two edits of one message, at least; what comes sooner folds meanwhile.
local PACE = 1000

local released = {}

local function get(key, field) return redis.call('HGET', KEY.entry(key), field) end

-- What is set aside is not due, so nobody waits for it.
local function may_move(key)
  local other = get(key, 'replaced_by')
  if other then
    local state = get(other, 'state')
    return state ~= 'sent' and state ~= 'dead'
  end
  local edit = redis.call('LINDEX', KEY.sequence('update:' .. key), 0)
  return edit and not get(key, 'edited_at') and redis.call('ZSCORE', KEY.due, 'entry:' .. edit)
end

local function lead(name)
  local head = redis.call('LINDEX', KEY.sequence(name), 0)
  if not head then return end
  local parent = get(head, 'parent')
  local state = parent ~= '' and get(parent, 'state')
  if state and state ~= 'sent' then return end
  if state and get(head, 'folds') ~= '1' and may_move(parent) then return end
  if redis.call('ZSCORE', KEY.due, 'entry:' .. head) then return end
  local at = math.max(now, tonumber(get(head, 'after') or 0))
  if get(head, 'folds') == '1' then
    at = math.max(at, math.min(now, tonumber(get(parent, 'edited_at') or 0)) + PACE)
  end
  schedule('entry:' .. head, at)
  if at <= now then table.insert(released, head) end
end

local function settle(key, state, field, value)
  redis.call('HSET', KEY.entry(key), 'state', state, field, value)
  redis.call('ZREM', KEY.outbox, key)
  redis.call('EXPIRE', KEY.entry(key), FINISHED_TTL)
  finish('entry:' .. key)
  local name = get(key, 'lane')
  if name ~= '' then
    redis.call('LREM', KEY.sequence(name), 1, key)
    lead(name)
    if get(key, 'folds') == '1' then lead('thread:' .. get(key, 'parent')) end
  end
end

-- Somebody waits for it, or for one whose place it took.
local function answers(key)
  return get(key, 'answers') == '1' or string.find(get(key, 'doc'), '"answer":true', 1, true)
end

local function fold(name, newest)
  local after = 0
  for _, key in ipairs(redis.call('LRANGE', KEY.sequence(name), 0, -1)) do
    if key ~= newest and get(key, 'state') == 'pending' then
      unpark('entry:' .. key)
      if answers(key) then redis.call('HSET', KEY.entry(newest), 'answers', '1') end
      after = math.max(after, tonumber(get(key, 'after') or 0))
      redis.call('HSET', KEY.entry(key), 'state', 'sent')
      redis.call('ZREM', KEY.outbox, key)
      redis.call('EXPIRE', KEY.entry(key), FINISHED_TTL)
      redis.call('LREM', KEY.sequence(name), 1, key)
      finish('entry:' .. key)
    end
  end
  if after > 0 then redis.call('HSET', KEY.entry(newest), 'after', after) end
end

local function bury(key, why)
  settle(key, 'dead', 'error', why)
  for _, name in ipairs({'thread:' .. key, 'update:' .. key}) do
    for _, child in ipairs(redis.call('LRANGE', KEY.sequence(name), 0, -1)) do bury(child, why) end
  end
end

local function admit(key)
  local name, parent = get(key, 'lane'), get(key, 'parent')
  if name == '' then return schedule('entry:' .. key, now) end
  redis.call('RPUSH', KEY.sequence(name), key)
  local state = parent ~= '' and get(parent, 'state')
  if state == 'dead' then return bury(key, get(parent, 'error')) end
  if state == 'sent' then redis.call('EXPIRE', KEY.entry(parent), FINISHED_TTL) end
  if get(key, 'folds') == '1' then fold(name, key) end
  lead(name)
end

local function step_aside(key)
  redis.call('ZREM', KEY.outbox, key)
  local name = redis.pcall('HGET', KEY.entry(key), 'lane')
  if type(name) ~= 'string' or name == '' then return end
  local edits = get(key, 'folds') == '1'
  local thread = edits and 'thread:' .. get(key, 'parent')
  if edits and redis.call('LINDEX', KEY.sequence(name), -1) == key then return lead(thread) end
  redis.call('LREM', KEY.sequence(name), 1, key)
  if edits then
    redis.call('HSET', KEY.entry(key), 'state', 'sent')
    redis.call('EXPIRE', KEY.entry(key), FINISHED_TTL)
    unpark('entry:' .. key)
  end
  lead(name)
  if edits then lead(thread) end
end

-- `entries`: five words each, as outbox_order.py writes them.
local function create(entries)
  local new = {}
  for i = 1, #entries, 5 do
    local key = entries[i]
    if redis.call('EXISTS', KEY.entry(key)) == 0 then
      redis.call('HSET', KEY.entry(key), 'state', 'pending', 'doc', entries[i + 1],
        'lane', entries[i + 2], 'parent', entries[i + 3], 'folds', entries[i + 4])
      redis.call('ZADD', KEY.outbox, now, key)
      table.insert(new, key)
    end
  end
  for _, key in ipairs(new) do admit(key) end
end

-- How far the channel was read, looking for the message.
local function read_until(key, cursor)
  if redis.call('EXISTS', KEY.entry(key)) == 0 then return end
  if cursor == '' then redis.call('HDEL', KEY.entry(key), 'cursor') return end
  redis.call('HSET', KEY.entry(key), 'cursor', cursor)
end
