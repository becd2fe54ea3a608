"""
The bot's parts, plugged together: store, jobs, desk, sender.

`Parts` is what the bot and its workers have in common; `bot/serving.py` adds Slack's ends.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import partial

from bot.aws.under_way import UnderWay
from bot.diagnosis.desk import Desk, Progress, card_key
from bot.diagnosis.model import Diagnosis
from bot.errors import Unreachable
from bot.finding.finder import Finder
from bot.finding.inventory import Inventory
from bot.jobs.actors import declare_actors
from bot.jobs.broker import Broker, Workers, start_workers
from bot.jobs.clock import Clock
from bot.kept import Kept
from bot.looking import Look, Reach, look
from bot.serving_settings import ServingSettings, StoreSettings
from bot.settings import LookingSettings
from bot.slack.app import Desks
from bot.slack.own_messages import OwnMessages
from bot.slack.sender import Sender, web_client
from bot.store.asked import Asked
from bot.store.coding import prepare
from bot.store.connection import Redis, StoreError, connect, now
from bot.store.due import COPIES, DIAGNOSIS, ENTRY, TRIAGE, Claim, Due
from bot.store.embedded import Embedded
from bot.store.evidence import Evidence, Gathering
from bot.store.inventory import INVENTORY, Inventories
from bot.store.leases import Leases
from bot.store.messages import Entry
from bot.store.outbox import Outbox
from bot.store.records import Records
from bot.store.valkey import StoreFailed
from bot.triage.desk import TriageDesk
from bot.triage.model import Triage
from checks.evidence import Evidence as Gathered
from checks.model import Overall, Symptom
from checks.report import Report

POST_THREADS = 4
FRONT_LIMIT = 0.8
"""Seconds that a person who typed or pressed waits for the store, at most."""
UNDER_WAY = "A guided triage of it is under way in this channel: go on in its thread."


class Parts:
    """What every process of the bot is made of."""

    def __init__(self, settings: ServingSettings, looking: LookingSettings) -> None:
        """Opens the store; raises a SlsdiagError when it does not answer."""
        self.client = web_client(settings.bot_token, settings.api_url)
        self.reach = Reach(looking)
        self._settings = settings
        self._embedded, url = opened(settings.store)
        self._redis, self._front = connect(url), connect(url, answer_limit=FRONT_LIMIT)
        self._broker = Broker(url)
        self._due = Due(self._redis)
        self._leases = Leases(self._due)
        self._kept = Evidence(self._redis)
        self._under_way = UnderWay()
        self._desks = self._desks_over(self._redis)
        outbox = Outbox(self._redis)
        sender = Sender(
            outbox,
            self._due,
            self.client,
            OwnMessages(self.client, outbox.secret),
            settings.api_url,
            self._now,
            self._broker.nudge,
            self._desks.asks.went_private,
        )
        handlers = {
            DIAGNOSIS: self._desks.asks.look,
            ENTRY: sender.send,
            COPIES: sender.take_back,
            TRIAGE: self._desks.triages.work,
            INVENTORY: self._desks.finder.inventory.read,
        }
        declare_actors(self._broker, self._due, handlers, self._give_up)
        every = (self._leases.renew, *([self._embedded.ensure] if self._embedded else []))
        self.clock = Clock(self._due, self._broker, every=every)
        self._workers: Workers | None = None

    def start(self, threads: int) -> None:
        """Sweep, and work with so many threads of looking."""
        prepare(Diagnosis, Entry, Report, Triage)
        if threads:
            self.reach.warm()
            self._workers = start_workers(self._broker, threads, POST_THREADS)
        self.clock.start()

    def stop(self) -> None:
        """Finish what is at hand, leave the rest to the store."""
        self.clock.stop()
        if self._workers:
            self._workers.stop()
        self._broker.close()
        self._redis.close()
        self._front.close()
        if self._embedded:
            self._embedded.stop()

    @property
    def desks(self) -> Desks:
        """Where what people say is taken: told soon when the store is away."""
        return self._desks_over(self._front)

    @property
    def sent(self) -> Outbox:
        """Where messages landed: told soon when the store is away."""
        return Outbox(self._front)

    def store_answers(self) -> bool:
        """Whether the store is there; raises redis's errors."""
        return bool(self._front.ping())

    def _desks_over(self, redis: Redis) -> Desks:
        due = Due(redis)
        asks = Desk(
            Records(redis, DIAGNOSIS, Diagnosis),
            due,
            self._leases,
            self._kept,
            Gathering(redis),
            self._look,
            self._broker.soon,
            partial(now, redis),
            self._begin,
        )
        triages = TriageDesk(
            Records(redis, TRIAGE, Triage),
            due,
            self._leases,
            self._gather,
            self._broker.soon,
            partial(now, redis),
        )
        names = Inventories(redis)
        at = partial(now, redis)
        inventory = Inventory(names, Gathering(redis), self.reach, self._broker.soon, at)
        return Desks(asks, triages, self.reach, Finder(inventory, Asked(redis)))

    def _now(self) -> datetime:
        return now(self._redis)

    def _look(self, diagnosis: Diagnosis, progress: Progress) -> Report:
        keep = self._keep(fresh=diagnosis.fresh)
        report = self._sight(diagnosis).report(Symptom.BOTH, progress, keep=keep, now=self._now())
        return replace(report, checked_at=keep.oldest) if keep.oldest else report

    def _gather(self, triage: Triage, *, fresh: bool) -> Gathered:
        return self._sight(triage).evidence(keep=self._keep(fresh=fresh), now=self._now())

    def _keep(self, *, fresh: bool) -> Kept:
        return Kept(self._kept, self._under_way, self._settings.evidence_ttl, fresh=fresh)

    def _sight(self, ask: Diagnosis | Triage) -> Look:
        return look(
            ask.target,
            region=ask.region,
            account=ask.account,
            org=None,
            answers={},
            reach=self.reach,
            channel=ask.channel,
        )

    def _begin(self, ask: Diagnosis) -> str | None:
        """A report that waits arms its wait; one that was asked for guides."""
        self._desks.finder.noted(ask)
        waits = ask.report is not None and ask.report.verdict is Overall.WAITING
        if ask.private:
            return None
        if waits or ask.guide:
            self._desks.triages.open(ask, card_key(ask), waits=waits)
            return None
        same = [
            each for each in self._desks.triages.under_way(ask.channel) if each.target == ask.target
        ]
        return UNDER_WAY if same else None

    def _give_up(self, claim: Claim) -> None:
        """The sender's and the desk's own records say what became of it."""


def opened(store: StoreSettings) -> tuple[Embedded | None, str]:
    """The store and its address; the embedded one is started."""
    if store.redis_url:
        with connect(store.redis_url) as redis:
            try:
                redis.ping()
            except (OSError, ValueError, StoreError) as error:
                told = type(error).__name__
                raise Unreachable(
                    f"The store that REDIS_URL names did not answer ({told})."
                ) from None
        return None, store.redis_url
    embedded = Embedded(store.state_dir)
    try:
        return embedded, embedded.start()
    except (OSError, StoreFailed) as error:
        raise Unreachable(f"The store in SLSDIAG_STATE_DIR did not start: {error}") from None
