-- Whether a scan goes on.
--- use: scan
--- args: id
return lives(id) and 1 or 0
