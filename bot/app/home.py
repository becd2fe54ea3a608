"""
App Home: gathered and published for one person, when they open it and when something of theirs changes.

Whoever publishes holds a claim (`HOME` of the due set), so that of two pages the newer one stays.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from threading import Lock

import structlog
from slack_bolt import Ack, App
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.app import home_view as view
from bot.app.home_view import Linked, Page
from bot.app.listeners import BotIdentity
from bot.app.picker import Picker
from bot.app.services import Services
from bot.diagnosis.messages import card_key
from bot.diagnosis.model import Diagnosis
from bot.slack.actions import ActionId
from bot.slack.background import Background
from bot.slack.interactions import Payload, conversation_of
from bot.slack.refusals import UNHEARD, Means, refusal
from bot.store.connection import StoreError
from bot.store.due import HOME, Due
from bot.store.homes import Homes
from bot.store.outbox import Outbox
from bot.store.records import Listed, listed
from bot.triage.lookup import triage_id
from bot.triage.model import Triage

REPORTS, ROUNDS = 20, 5
"""Reports that are read, and of each the newest rounds whose triage may still be open."""

LEASE = timedelta(seconds=20)
"""Longer than a call to Slack; what Slack did not take is tried again after it."""
THREADS, ROOM = 4, 100
"""For publishing: threads, and how many people may wait for one."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class AppHome:
    """Its dependencies are passed in."""

    us: BotIdentity
    services: Services
    outbox: Outbox
    due: Due
    homes: Homes
    health: Callable[[], Mapping[str, bool]]
    later: Background = field(default_factory=lambda: Background("home", THREADS, ROOM))
    _waiting: set[str] = field(default_factory=set)
    """Who will be shown the newest anyway."""
    _lock: Lock = field(default_factory=Lock)

    def listen(self, app: App) -> None:
        """Put the listeners on the app."""

        @app.event("app_home_opened")
        def opened(event: Payload, body: Payload, client: WebClient) -> None:
            if event.get("tab") == "home" and body.get("team_id") == self.us.team:
                self.publish(client, event["user"])

        @app.action(ActionId.HOME_REFRESH)
        def refresh(ack: Ack, body: Payload, client: WebClient) -> None:
            ack()
            person = conversation_of(body, self.us.team)
            if person.team:
                self.publish(client, person.user)

        Picker(self.us.team, self.services, self.publish).listen(app)

    def publish(self, client: WebClient, user: str, notice: str | None = None) -> None:
        """In the background, as Slack waits for our answer; once for somebody who asks often."""
        with self._lock:
            if user in self._waiting and notice is None:
                return
            if self.later.submit(partial(self._publish, client, user, notice)):
                self._waiting.add(user)

    def _publish(self, client: WebClient, user: str, notice: str | None) -> None:
        with self._lock:
            self._waiting.discard(user)
        try:
            if client.users_info(user=user)["user"].get("team_id") != self.us.team:
                return  # a guest of another workspace
            try:
                self.homes.opened(user, notice)
            except (StoreError, OSError):  # Home says so itself
                self._shown(client, user, notice)
            else:
                self.show(client, user)
        except SlackApiError as error:
            log.warning("home_not_published", error=str(error.response.get("error")))
        except Exception as error:  # noqa: BLE001 - nobody else would hear of it
            log.warning("home_not_published", error=type(error).__name__)

    def show(self, client: WebClient, user: str) -> None:
        """Publish it, if it is due and nobody else does."""
        claim = self.due.claim(HOME, user, LEASE)
        if claim is None:
            return
        try:
            self._shown(client, user, self.homes.notice(user))
        except (SlackApiError, *UNHEARD) as error:
            why = refusal(error)
            log.warning("home_not_published", error=why.word)
            if why.means in {Means.LIMITED, Means.UNCLEAR}:
                return  # again when the lease is over
        self.due.finish(claim)

    def _shown(self, client: WebClient, user: str, notice: str | None) -> None:
        client.views_publish(user_id=user, view=view.home(self.page(user, notice)))

    def page(self, user: str, notice: str | None = None) -> Page:
        """What they are shown."""
        health = self.health()
        try:
            self._warm()
            diagnoses = self._diagnoses(user)
            open_ = [(self._open(diagnosis), self._link(diagnosis)) for diagnosis in diagnoses]
            current = self.services.triages.lookup.current
            reported = [current(diagnosis) for diagnosis in diagnoses if diagnosis.report]
            return Page(
                self.services.diagnosis.now(),
                health,
                [Linked(triage, link) for triages, link in open_ for triage in triages],
                [Linked(diagnosis, self._link(diagnosis)) for diagnosis in reported],
                [*self.services.digests.made_by(user), *self.services.watches.made_by(user)],
                notice,
                unread_triages=[id_ for triages, _ in open_ for id_ in triages.unreadable],
                unread_reports=diagnoses.unreadable,
            )
        except (StoreError, OSError):
            return Page(datetime.now(UTC), health, notice=notice, available=False)

    def _warm(self) -> None:
        """So that names are at hand when they search."""
        inventory = self.services.search.inventory
        inventory.refresh(inventory.entries(""))

    def _diagnoses(self, user: str) -> Listed[Diagnosis]:
        ids = (
            id_.partition(":")[0] for id_ in self.services.search.requests.reports(user, REPORTS)
        )
        asks = listed(dict.fromkeys(ids), self.services.diagnosis.diagnoses.load)
        return asks.only(lambda ask: not self.services.diagnosis.hidden(ask))

    def _open(self, diagnosis: Diagnosis) -> Listed[Triage]:
        rounds = range(diagnosis.round, max(0, diagnosis.round - ROUNDS), -1)
        ids = (triage_id(diagnosis.id, number) for number in rounds)
        triages = listed(ids, self.services.triages.triages.load)
        hidden = self.services.triages.lookup.hidden
        return triages.only(lambda triage: not triage.finished and not hidden(triage))

    def _link(self, diagnosis: Diagnosis) -> str | None:
        """Where the card is; the workspace's address comes from Slack."""
        (entry,) = listed([card_key(diagnosis)], self.outbox.load) or [None]
        if diagnosis.private or entry is None or not entry.ts:
            return None
        return f"{self.us.url}archives/{diagnosis.channel}/p{entry.ts.replace('.', '')}"
