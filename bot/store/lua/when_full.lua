-- Begins a script that must work in a store that is full: what was begun is finished there, too.
-- The server checks for memory before the first write of a script only, and not for a DEL.
redis.call('DEL', KEY.nothing)
