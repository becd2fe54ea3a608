"""What one person may mean in one channel: the names that exist there, and what they ask for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.diagnosis.model import Diagnosis
from bot.finding.inventory import Inventory
from bot.finding.model import Answer, Named, spelled
from bot.finding.search import search
from bot.store.asked import Asked


@dataclass(frozen=True)
class Finder:
    """Searches; no call to AWS is made or waited for."""

    inventory: Inventory
    asked: Asked

    def noted(self, ask: Diagnosis) -> None:
        """A report came: what it is about comes first from now on."""
        about = ask.report.function if ask.report else None
        if about:
            name = f"{about.name}:{about.qualifier}" if about.qualifier else about.name
            command = Named(name, about.region, about.account).command
            self.asked.note(ask.place.user, ask.channel, f"{ask.id}:{ask.round}", command)

    def search(
        self,
        typed: str,
        user: str,
        channel: str,
        *,
        region: str | None = None,
        refresh: bool = True,
    ) -> Answer:
        """The likeliest first; `channel` is "" where none was chosen."""
        shelves = self.inventory.shelves(channel)
        if refresh:
            self.inventory.refresh(shelves)
        listings = [shelf.listing for shelf in shelves if shelf.listing]
        found = search(typed, listings, self._often(user, channel), region=region)
        return Answer(tuple(found), tuple(shelves))

    def _often(self, user: str, channel: str) -> Mapping[str, float]:
        """The channel's own, and the person's, less what this channel may not see."""
        hidden = self.inventory.hidden(channel)
        theirs = self.asked.often(user)
        channels = self.asked.often(channel) if channel else {}
        scores = {
            each: max(theirs.get(each, 0.0), channels.get(each, 0.0))
            for each in theirs.keys() | channels.keys()
        }
        named = {each: spelled(each) for each in scores}
        return {c: s for c, s in scores.items() if (n := named[c]) and n.account not in hidden}
