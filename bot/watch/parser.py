"""The grammar of `/slsdiag watch …`: words → what is wanted, or one sentence. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from bot.errors import Refused
from bot.serving_settings import Role
from bot.target import checked_prefix, closest, shown

FORMS = (
    "Say watch on, watch off or watch status; behind it may stand how the names of functions "
    "begin, as in /slsdiag watch on shop-"
)
_HEADS = ("on", "off", "status")
_MEANT = {
    "start": "on",
    "enable": "on",
    "stop": "off",
    "disable": "off",
    "end": "off",
    "list": "status",
}


@dataclass(frozen=True, slots=True)
class On:
    """Speak in this channel when a deployment breaks something."""

    prefix: str = ""


@dataclass(frozen=True, slots=True)
class Off:
    """Be silent about these functions again."""

    prefix: str = ""


@dataclass(frozen=True, slots=True)
class WatchStatus:
    """What this channel watches of such functions, and whether events come."""

    prefix: str = ""


WatchWanted = On | Off | WatchStatus


def parse(words: list[str]) -> WatchWanted:
    """What is wanted; raises Refused in words."""
    head, rest = words[0].lower() if words else "status", words[1:]
    if head not in _HEADS:
        raise _unknown(head, rest)
    if len(rest) > 1:
        raise Refused("A watch takes one beginning of names, as in /slsdiag watch on shop-")
    prefix = checked_prefix(rest[0].removesuffix("*") if rest else "")
    if head == "status":
        return WatchStatus(prefix)
    return On(prefix) if head == "on" else Off(prefix)


def _unknown(head: str, rest: list[str]) -> Refused:
    meant = _MEANT.get(head) or next(iter(closest(head, _HEADS, 1)), None)
    if meant is None:
        return Refused(FORMS)
    question = f"There is no watch {shown(head)}. Did you mean watch {meant}?"
    return Refused(question, (" ".join(("watch", meant, *rest)),))


def role_of(words: list[str]) -> Role:
    """What it takes to type these words behind watch, as for digests."""
    turns = bool(words) and words[0].lower() in {"on", "off"}
    return Role.ADMIN if turns else Role.VIEWER
