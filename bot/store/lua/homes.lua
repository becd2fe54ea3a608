-- The App Homes that people have opened: what moves is shown there soon.
--- use: outbox

-- Milliseconds: whoever opens it later is shown the newest anyway; several moves are shown at once.
local OPEN_FOR, SHOWN_AFTER = 24 * 3600 * 1000, 1000
-- Kinds of records that it lists.
local AT_HOME = {diagnosis = true, triage = true, digest = true}

local function show_at_home(user)
  local opened = tonumber(redis.call('ZSCORE', KEY.homes, user) or 0)
  if opened < now - OPEN_FOR then return end
  local member = 'app_home:' .. user
  local at = redis.call('ZSCORE', KEY.due, member)
  if not at or redis.call('HEXISTS', KEY.claims, member) == 1 then
    schedule(member, now + SHOWN_AFTER)
  end
end
