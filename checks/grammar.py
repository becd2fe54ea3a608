"""Numbers that agree with their nouns."""


def counted(number: int, noun: str) -> str:
    """1 payload; 1,200 payloads"""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def others(number: int) -> str:
    """As in no others, 1 other, 2 others."""
    return counted(number, "other") if number else "no others"


def times(number: int) -> str:
    """As in once, 2 times, 1,200 times."""
    return "once" if number == 1 else counted(number, "time")


def verb(number: int) -> str:
    """As in 1 is, 2 are."""
    return "is" if number == 1 else "are"
