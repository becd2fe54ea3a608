-- Nothing is left to do.
--- use: due
--- args: member fence
if not held(member, fence) then return 0 end
finish(member)
return 1
