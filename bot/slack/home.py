"""App Home: gathered and published for one person, in the background, whenever they look."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime

import structlog
from slack_bolt import Ack, App
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.diagnosis.messages import card_key
from bot.diagnosis.model import Diagnosis
from bot.render import home as view
from bot.render.home import Linked, Page
from bot.slack.app import Desks, Home
from bot.slack.picker import Picker
from bot.slack.presses import Payload, pressed_at
from bot.store.coding import Unreadable
from bot.store.connection import StoreError
from bot.store.outbox import Outbox
from bot.triage.desk import triage_id

REPORTS, ROUNDS = 20, 5
"""Reports looked at, and of each the newest rounds whose triage may still be open."""

_PUBLISHERS = ThreadPoolExecutor(4, thread_name_prefix="home")

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class AppHome:
    """All it needs is handed in."""

    us: Home
    desks: Desks
    outbox: Outbox
    health: Callable[[], Mapping[str, bool]]

    def listen(self, app: App) -> None:
        """Put the listeners on the app."""

        @app.event("app_home_opened")
        def opened(event: Payload, body: Payload, client: WebClient) -> None:
            if event.get("tab") == "home" and body.get("team_id") == self.us.team:
                self.publish(client, event["user"])

        @app.action(view.REFRESH)
        def refresh(ack: Ack, body: Payload, client: WebClient) -> None:
            ack()
            place = pressed_at(body, self.us.team)
            if place.team:
                self.publish(client, place.user)

        Picker(self.us.team, self.desks, self.publish).listen(app)

    def publish(self, client: WebClient, user: str, said: str | None = None) -> None:
        """In the background: Slack waits for our answer meanwhile."""
        _PUBLISHERS.submit(self._publish, client, user, said)

    def _publish(self, client: WebClient, user: str, said: str | None) -> None:
        try:
            if client.users_info(user=user)["user"].get("team_id") != self.us.team:
                return  # a guest of another workspace
            client.views_publish(user_id=user, view=view.home(self.page(user, said)))
        except SlackApiError as error:
            log.warning("home_not_published", error=str(error.response.get("error")))
        except Exception as error:  # noqa: BLE001 - nobody else would hear of it
            log.warning("home_not_published", error=type(error).__name__)

    def page(self, user: str, said: str | None = None) -> Page:
        """What they are shown."""
        health = self.health()
        try:
            self._warm()
            asks = self._asks(user)
            return Page(
                self.desks.asks.now(),
                health,
                [linked for ask in asks for linked in self._open(ask)],
                [Linked(ask, self._link(ask)) for ask in asks if ask.report],
                self.desks.digests.made_by(user),
                said,
            )
        except (StoreError, OSError):
            return Page(datetime.now(UTC), health, said=said, known=False)

    def _warm(self) -> None:
        """So that names are at hand when they search."""
        inventory = self.desks.finder.inventory
        inventory.refresh(inventory.shelves(""))

    def _asks(self, user: str) -> list[Diagnosis]:
        told = (id_.partition(":")[0] for id_ in self.desks.finder.asked.reports(user, REPORTS))
        return [ask for id_ in dict.fromkeys(told) if (ask := self._ask(id_))]

    def _ask(self, id_: str) -> Diagnosis | None:
        try:
            return self.desks.asks.diagnoses.load(id_)
        except Unreadable:  # another release wrote it: it is not shown
            return None

    def _open(self, ask: Diagnosis) -> list[Linked]:
        rounds = range(ask.round, max(0, ask.round - ROUNDS), -1)
        ids = (triage_id(ask.id, each) for each in rounds)
        triages = map(self.desks.triages.triages.load, ids)
        link = self._link(ask)
        return [Linked(each, link) for each in triages if each and not each.finished]

    def _link(self, ask: Diagnosis) -> str | None:
        """Where the card is; the workspace's address is Slack's own word."""
        entry = self.outbox.load(card_key(ask))
        if ask.private or entry is None or not entry.ts:
            return None
        return f"{self.us.url}archives/{ask.channel}/p{entry.ts.replace('.', '')}"
