-- Begins a script that saves something new: it fails where the store is full.
redis.call('SET', KEY.room, 1)
redis.call('DEL', KEY.room)
