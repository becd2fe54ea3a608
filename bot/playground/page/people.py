"""Who is in the demo's workspace, and what the channel begins with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.playground.demo import Demo
from bot.playground.workspace import Person
from bot.playground.workspace.messages import GENERAL
from bot.playground.workspace.model import TEAM

HEALTHY = "healthy"
SLACKBOT = "USLACKBOT"


@dataclass(frozen=True, slots=True)
class Player:
    """One whose eyes and hands the visitor may borrow."""

    person: Person
    label: str

    @property
    def member(self) -> bool:
        """Whether they are of this workspace."""
        return self.person.team == TEAM


def players_of(demo: Demo) -> dict[str, Player]:
    """Two members and a stranger, by user id."""
    sam = Person(demo.slack, "U0SAM", name="sam", zone="America/New_York")
    eve = Person(demo.slack, "U0EVE", team="T0OTHER", name="eve", zone="Asia/Tokyo")
    players = (
        Player(demo.you, "You"),
        Player(sam, "Sam, a colleague"),
        Player(eve, "Eve, of another workspace"),
    )
    return {player.person.user: player for player in players}


def lives_in(person: Person, zone: str) -> None:
    """Take the zone of the visitor's browser for `person`, where it is one."""
    try:
        datetime.now(UTC).astimezone(ZoneInfo(zone))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return
    person.zone = zone
    person.slack.store.users[person.user]["tz"] = zone


def welcome(demo: Demo) -> None:
    """The channel's first message: which functions fail, and how to ask."""
    store = demo.slack.store
    store.join(SLACKBOT, "Slackbot", "UTC")
    with demo.slack.lock:
        store.keep(GENERAL, SLACKBOT, text=_text(demo.functions), blocks=[])
        demo.slack.lock.notify_all()


def _text(functions: Mapping[str, str]) -> str:
    broken = " ".join(f"`{name}`" for name, what in functions.items() if what != HEALTHY)
    return (
        "*Some Lambda functions of this demo account stopped reporting.* Ask slsdiag why.\n"
        f"Broken: {broken}\n"
        "Healthy: `checkout`\n"
        "Type `/slsdiag orders` for a verdict, `/slsdiag triage orders` to be guided, "
        "`/slsdiag help` for the rest. "
        "In a thread, type `@slsdiag orders`. The menu of a message has *Diagnose*.\n"
        "_Be AWS_ opens the account: break a function, fix it, and see slsdiag notice. "
        "This channel watches deployments: click *Deploy* there, and slsdiag speaks by itself."
    )
