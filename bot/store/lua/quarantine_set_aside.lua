-- Set aside what this release cannot read; the record stays as long as it takes.
--- use: outbox
--- args: member schema unknown_kind:flag
if not redis.call('ZSCORE', KEY.due, member) then return 0 end
redis.call('ZADD', KEY.parked, now, member)
redis.call('ZADD', KEY.unreadable, schema, member)
if unknown_kind then redis.call('ZADD', KEY.unknown_kinds, 0, member) end
redis.call('PERSIST', KEY.of_member(member))
finish(member)
if garbled(member) and string.sub(member, 1, 6) == 'entry:' then
  step_aside(string.sub(member, 7))
end
return 1
