-- Records: what is saved with them, and what was saved already.
--
-- A record's `doc` is its feature's own. Who may see it stands beside it in `owner`, together with
-- the version that it was true of: a release that does not know `owner` leaves an old one there.
-- `viewer` is whose App Home lists it.
--- use: homes

-- Seconds since the last save.
local RECORD_TTL = 7 * 24 * 3600
-- Seconds; Slack repeats a delivery for five minutes, and a request stays valid as long.
local ONCE_TTL = 600

local function write(kind, id, version, doc, owner, viewer)
  redis.call('HSET', KEY.record(kind, id), 'version', version, 'doc', doc,
    'owner', owner, 'owner_version', version)
  if AT_HOME[kind] then
    redis.call('HSET', KEY.record(kind, id), 'viewer', viewer)
    show_at_home(viewer)
  end
end

local function store(kind, id, version, doc, owner, viewer)
  write(kind, id, version, doc, owner, viewer)
  redis.call('EXPIRE', KEY.record(kind, id), RECORD_TTL)
end

local function exists(kind, id) return redis.call('EXISTS', KEY.record(kind, id)) == 1 end

local function is_version(kind, id, version)
  return redis.call('HGET', KEY.record(kind, id), 'version') == version
end

local function saved_before(once)
  return once ~= '' and redis.call('EXISTS', KEY.once(once)) == 1
end

local function mark(once)
  if once ~= '' then redis.call('SET', KEY.once(once), 1, 'EX', ONCE_TTL) end
end

local function index(kind, channel, id, most)
  local name = KEY.index(kind, channel)
  redis.call('ZADD', name, now, id)
  redis.call('ZREMRANGEBYRANK', name, 0, -most - 1)
  redis.call('EXPIRE', name, RECORD_TTL)
end
