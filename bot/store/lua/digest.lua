-- Digests live until somebody stops them, so their number is bounded.
--- use: record
local function name(id) return KEY.record('digest', id) end
