-- The time; `margin` later after a jump.
--- use: clock
--- args: margin:number
return now + (jumped and margin or 0)
