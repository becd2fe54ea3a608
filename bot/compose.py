"""
The bot's parts, plugged together: store, jobs, desk, sender.

`Parts` is what the bot and its workers have in common; `bot/serving.py` adds Slack's ends.
"""

from __future__ import annotations

from datetime import datetime
from functools import partial
from operator import attrgetter

from bot.diagnosis.desk import Desk
from bot.diagnosis.messages import card_key
from bot.diagnosis.model import Diagnosis
from bot.digest.desk import DigestDesk
from bot.digest.model import Digest, Draft
from bot.digest.verify import Verifier
from bot.digest.work import DigestWork
from bot.doctor.on_request import OnRequest
from bot.doctor.settings import of_a_bot
from bot.errors import Unreachable, UsageError
from bot.finding.finder import Finder
from bot.finding.inventory import Inventory
from bot.fleet.desk import FleetDesk
from bot.fleet.run import Chunk, Inquiry, Run
from bot.fleet.runs import Runs
from bot.fleet.work import Work
from bot.jobs.actors import declare_actors
from bot.jobs.broker import QUEUES, Broker, Workers, start_workers
from bot.jobs.clock import Clock
from bot.metrics import Backlog
from bot.reach import Reach
from bot.render import card
from bot.serving_settings import ServingSettings, StoreSettings
from bot.settings import LookingSettings
from bot.sight import Sight
from bot.slack.app import Desks
from bot.slack.digest import zone_of
from bot.slack.gate import Access
from bot.slack.own_messages import OwnMessages, permalink
from bot.slack.people import People
from bot.slack.refusals import NOT_ALLOWED
from bot.slack.sender import UNCONFIRMED, Sender, web_client
from bot.slack.triage import UNDER_WAY
from bot.store import backlog
from bot.store.asked import Asked
from bot.store.coding import prepare
from bot.store.connection import Redis, StoreError, connect, now
from bot.store.digests import Digests
from bot.store.due import (
    CHUNK,
    COPIES,
    DIAGNOSIS,
    DIGEST,
    DRAFT,
    ENTRY,
    INQUIRY,
    SCAN,
    TRIAGE,
    Claim,
    Due,
)
from bot.store.embedded import Embedded
from bot.store.evidence import Evidence, Gathering
from bot.store.inventory import INVENTORY, Inventories
from bot.store.leases import Leases
from bot.store.messages import Entry
from bot.store.outbox import Outbox
from bot.store.rates import SharedBuckets
from bot.store.records import Records
from bot.store.scans import Scans
from bot.store.turnstile import Turnstile
from bot.store.unread import Unread
from bot.store.valkey import StoreFailed
from bot.triage.desk import TriageDesk, triage_id
from bot.triage.model import Triage
from checks.model import Overall
from checks.report import Report

POST_THREADS = 4
MAY_NOT_POST = "The bot may not post in this channel any more."
NOT_POSTED = "A message of this triage could not be posted, or it is not clear that it was."
GIVEN_UP = "slsdiag failed at this again and again: please ask whoever runs it to look at its log."
FRONT_LIMIT = 0.8
"""Seconds that a person who typed or pressed waits for the store, at most."""


class Parts:
    """What every process of the bot is made of."""

    def __init__(self, settings: ServingSettings, looking: LookingSettings) -> None:
        """Opens the store; raises a SlsdiagError when it does not answer, or a setting is wrong."""
        self.client = web_client(settings.bot_token, settings.api_url)
        self._settings = settings
        self._embedded, url = opened(settings.store)
        try:
            self._plug(settings, looking, url)
        except BaseException:
            if self._embedded:
                self._embedded.stop()
            raise

    def _plug(self, settings: ServingSettings, looking: LookingSettings, url: str) -> None:
        self._redis, self._front = connect(url), connect(url, answer_limit=FRONT_LIMIT)
        self.reach = Reach(looking, SharedBuckets(self._front).take)
        self._doctor = OnRequest(of_a_bot(settings, looking, url), self.reach, self.client)
        self._scraped = connect(url, answer_limit=backlog.LIMIT)
        self._broker = Broker(url)
        self._due = Due(self._redis)
        self._leases = Leases(self._due)
        self._shared = Evidence(self._redis)
        self._sight = Sight(self.reach, self._shared, settings.evidence_ttl, self._now)
        self._people = People(self.client.token, settings.api_url)
        self._desks = self._desks_over(self._redis)
        self._runs = self._desks.fleet.runs
        self._digests = self._digest_work()
        self._outbox = Outbox(self._redis)
        sender = Sender(
            self._outbox,
            self._due,
            self.client,
            OwnMessages(self.client, self._outbox.secret),
            settings.api_url,
            self._now,
            self._broker.nudge,
            self._lost,
        )
        handlers = {
            DIAGNOSIS: self._desks.asks.look,
            ENTRY: sender.send,
            COPIES: sender.take_back,
            TRIAGE: self._desks.triages.work,
            INQUIRY: self._desks.fleet.inquire,
            SCAN: self._runs.scan,
            CHUNK: self._runs.chunk,
            DRAFT: self._desks.digests.show,
            DIGEST: self._digests.run,
            INVENTORY: self._desks.finder.inventory.read,
        }
        self._unread = Unread(self._redis)
        self._backlogs = backlog.Backlogs(self._scraped, QUEUES)
        guarded = self._unread.guarding(handlers)
        declare_actors(self._broker, self._due, guarded, self._give_up)
        every = (
            self._leases.renew,
            self._unread.take_back,
            *([self._embedded.ensure] if self._embedded else []),
        )
        self.clock = Clock(self._due, self._broker, every=every)
        self._workers: Workers | None = None

    def start(self, threads: int) -> None:
        """Sweep, and work with so many threads of looking."""
        prepare(Diagnosis, Entry, Report, Triage, Inquiry, Run, Chunk, Draft, Digest)
        self._unread.try_again()
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
        self._scraped.close()
        if self._embedded:
            self._embedded.stop()

    @property
    def desks(self) -> Desks:
        """Where what people say is taken: told soon when the store is away."""
        return self._desks_over(self._front)

    def backlog(self) -> Backlog | None:
        """What waits; None, soon, when the store is away."""
        return self._backlogs.read()

    @property
    def sent(self) -> Outbox:
        """Where messages landed: told soon when the store is away."""
        return Outbox(self._front)

    def store_answers(self) -> bool:
        """Whether the store is there; raises redis's errors."""
        return bool(self._front.ping())

    def _desks_over(self, redis: Redis) -> Desks:
        due, at = Due(redis), partial(now, redis)
        asks = Desk(
            Records(redis, DIAGNOSIS, Diagnosis),
            due,
            self._leases,
            self._shared,
            Gathering(redis),
            self._sight.report,
            self._broker.soon,
            at,
            self._begin,
        )
        triages = TriageDesk(
            Records(redis, TRIAGE, Triage, attrgetter("subject")),
            due,
            self._leases,
            self._sight.evidence,
            self._broker.soon,
            at,
        )
        turnstile = Turnstile(redis, self._settings.limits)
        access = Access(self._settings.roles, self._people, turnstile, self.reach)
        digests = DigestDesk(
            Records(redis, DRAFT, Draft),
            Digests(redis),
            self._leases,
            self.reach.told,
            partial(zone_of, self.client),
            self._broker.soon,
            at,
        )
        names = Inventories(redis)
        inventory = Inventory(names, Gathering(redis), self.reach, self._broker.soon, at)
        finder = Finder(inventory, Asked(redis))
        return Desks(
            asks,
            triages,
            self._fleet(redis),
            digests,
            finder,
            self.reach,
            self._doctor,
            access,
        )

    def _digest_work(self) -> DigestWork:
        return DigestWork(
            Digests(self._redis),
            self._due,
            self._leases,
            self._runs,
            Verifier(self.reach),
            self._broker.soon,
            self._now,
        )

    def _runs_over(self, redis: Redis) -> Runs:
        scans = Scans(redis)
        clock = partial(now, redis)
        return Runs(
            scans,
            Due(redis),
            self._leases,
            self.reach,
            Work(scans, self.reach, partial(self._sight.keep, fresh=False), clock),
            self.reach.settings.owner_tag,
            self._broker.soon,
            clock,
        )

    def _fleet(self, redis: Redis) -> FleetDesk:
        return FleetDesk(
            Records(redis, INQUIRY, Inquiry),
            self._runs_over(redis),
            Scans(redis),
            Due(redis),
            self._leases,
            self._broker.soon,
            partial(now, redis),
        )

    def _now(self) -> datetime:
        return now(self._redis)

    def _begin(self, ask: Diagnosis) -> card.Offer | None:
        """
        A report that waits arms its wait; one that was asked for guides.

        But where a triage of the same function is open already, it offers to join that one.
        """
        self._desks.finder.noted(ask)
        if ask.private or ask.report is None:
            return None
        triages, root = self._desks.triages, card_key(ask)
        waits = ask.report.verdict is Overall.WAITING
        if (waits or ask.guide) and triages.open(ask, root, waits=waits):
            return None
        same = triages.open_of(ask)
        mine = same is not None and same.id == triage_id(ask.id, ask.round)
        if same is None or mine or (waits and same.card == root):
            return None
        return card.Offer(UNDER_WAY, self._address(same))

    def _address(self, triage: Triage) -> str | None:
        """Of the thread; None where Slack does not tell."""
        root = self._outbox.load(triage.card)
        ts = triage.place.thread_ts or (root.ts if root else None)
        return permalink(self.client, triage.channel, ts) if ts else None

    def _lost(self, entry: Entry) -> None:
        """Whoever's message it is: there is nothing under that id for the others."""
        why = entry.error or ""
        refused = why in NOT_ALLOWED
        self._desks.triages.lost(entry, MAY_NOT_POST if refused else NOT_POSTED)
        if not (refused or why.startswith(UNCONFIRMED)):
            return
        self._desks.asks.went_private(entry)
        self._desks.fleet.went_private(entry)
        self._digests.not_allowed(entry)

    def _give_up(self, claim: Claim) -> None:
        """Whoever waits for it is told; of the rest, the sender's own records say what became."""
        if claim.kind == DIAGNOSIS:
            self._desks.asks.give_up(claim.id, GIVEN_UP)
        if claim.kind == TRIAGE:
            self._desks.triages.give_up(claim.id, GIVEN_UP)
        if claim.kind == CHUNK:
            self._runs.give_up(claim)
        if claim.kind == DIGEST:
            self._digests.give_up(claim)


def opened(store: StoreSettings) -> tuple[Embedded | None, str]:
    """The store and its address; the embedded one is started."""
    if store.redis_url:
        try:
            with connect(store.redis_url) as redis:
                redis.ping()
        except (TypeError, ValueError):
            raise UsageError("REDIS_URL holds an option that cannot be understood.") from None
        except (OSError, StoreError) as error:
            told = type(error).__name__
            raise Unreachable(f"The store that REDIS_URL names did not answer ({told}).") from None
        return None, store.redis_url
    embedded = Embedded(store.state_dir)
    try:
        return embedded, embedded.start()
    except (OSError, StoreFailed) as error:
        raise Unreachable(f"The store in SLSDIAG_STATE_DIR did not start: {error}") from None
