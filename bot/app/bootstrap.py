"""
The bot's parts, plugged together.

`Parts` is what the bot and its workers have in common; `bot/app/processes.py` adds Slack's ends.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from bot.app.connections import StoreConnections
from bot.app.jobs import LostMessages, jobs
from bot.app.services import Resources, Services, services_over
from bot.app.watching import Watching
from bot.aws.accounts import Accounts
from bot.changes.repository import Setups
from bot.conversation import Owner
from bot.diagnosis.cached import CachedGatherer
from bot.diagnosis.model import Diagnosis
from bot.digest.model import Digest, Draft
from bot.digest.repository import Digests
from bot.digest.settling import Settling
from bot.digest.verify import Verifier
from bot.digest.work import DigestWork
from bot.doctor.on_request import OnRequest
from bot.doctor.settings import of_a_bot
from bot.jobs.actors import declare_actors
from bot.jobs.broker import QUEUES, Broker, Workers, start_workers
from bot.jobs.clock import Clock
from bot.observability.metrics import Backlog
from bot.scan.run import Chunk, Inquiry, Run
from bot.search.inventory import stored
from bot.search.repository import Inventories
from bot.serving_settings import ServingSettings
from bot.settings import AwsSettings
from bot.slack.background import Background
from bot.slack.external import External
from bot.slack.loss import Loss
from bot.slack.membership import Membership
from bot.slack.own_messages import OwnMessages
from bot.slack.people import People
from bot.slack.sender import Sender, web_client
from bot.store import backlog
from bot.store.clock_steps import ClockSteps
from bot.store.coding import prepare
from bot.store.connection import Redis, now
from bot.store.due import Due, Leases
from bot.store.identity import Recognition, StoreIdentity, first_notice
from bot.store.messages import Entry
from bot.store.organization import shelf_of
from bot.store.outbox import Outbox
from bot.store.quarantine import Quarantine
from bot.store.readiness import Readiness
from bot.store.sharing import ExternalChannels, SharedBuckets, SharedValues
from bot.triage.model import Triage
from checks.report import Report

POST_THREADS = 4
BACKGROUND_THREADS, BACKGROUND_ROOM = 4, 200
"""For calls to Slack beside the outbox: threads, and how much may wait for one."""


class Parts:
    """What every process of the bot is made of."""

    def __init__(self, settings: ServingSettings, aws_settings: AwsSettings) -> None:
        """Opens the store; raises a SlsdiagError when it does not answer, or a setting is wrong."""
        self.client = web_client(settings.bot_token, settings.api_url)
        self._settings = settings
        self._store = StoreConnections(settings.store)
        try:
            self._plug(aws_settings)
        except BaseException:
            self._store.close()
            raise

    def _plug(self, aws_settings: AwsSettings) -> None:
        redis, self._due = self._store.redis, Due(self._store.redis)
        self._resources = self._shared(aws_settings)
        examined = of_a_bot(self._settings, aws_settings, self._store.url)
        replies = self._resources.replies(self._store.front)
        self._doctor = OnRequest(examined, self.accounts, replies)
        self._services = services_over(redis, self._resources, self._doctor)
        self._outbox, nudge = Outbox(redis), self._resources.broker.soon
        self._settling = Settling(Digests(redis), self._outbox.landed, nudge, self._now)
        self._show_home: Callable[[str], None] | None = None
        self._watching = Watching(redis, self._resources, self._services, self._store_is_ours)
        digests, finish = self._digest_work(), self._due.finish
        self.jobs = jobs(self._services, digests, self._sender(), self._at_home, finish)
        self.jobs |= self._watching.jobs
        self._quarantine = Quarantine(redis, self.jobs)
        self._ready = Readiness(self._store.front)
        self._backlogs = backlog.Backlogs(self._store.scraped, QUEUES)
        self._identity: StoreIdentity | None = None
        work = self._due, self._quarantine, self.jobs, self._store_is_ours
        declare_actors(self._resources.broker, *work)
        self.clock = self._clock()
        self._workers: Workers | None = None

    def _shared(self, aws_settings: AwsSettings) -> Resources:
        settings, store = self._settings, self._store
        slack = (self.client.token, settings.api_url)
        learned, shared = ExternalChannels(store.front), settings.shared_channels
        external = External(settings.bot_token, settings.api_url, learned, shared)
        shelf = shelf_of(store.front, aws_settings.organization)
        accounts = Accounts(aws_settings, SharedBuckets(store.front).take, external, shelf)
        reports, names = SharedValues(store.redis), partial(stored, Inventories(store.redis))
        kept = settings.evidence_ttl, self._now, names, Setups(store.redis)
        gatherer = CachedGatherer(accounts, reports, *kept)
        return Resources(
            settings,
            self.client,
            accounts,
            external,
            gatherer,
            reports,
            Leases(self._due),
            People(*slack),
            Membership(*slack),
            Loss(self.client, partial(first_notice, store.redis)),
            Broker(store.url),
            Background("slack", BACKGROUND_THREADS, BACKGROUND_ROOM),
        )

    def _sender(self) -> Sender:
        contents = self._services.attachments.content
        own = OwnMessages(self._outbox, self.client, self._settings.api_url, contents)
        lost, nudge = LostMessages(self._services, self._settling), self._resources.broker.nudge
        return Sender(self._outbox, self._due, own, self._now, nudge, lost)

    def _digest_work(self) -> DigestWork:
        return DigestWork(
            Digests(self._store.redis),
            self._settling,
            self._due,
            self._resources.leases,
            self._services.scans.runs,
            Verifier(self.accounts),
            self._resources.broker.soon,
            self._now,
            self.accounts,
        )

    def _clock(self) -> Clock:
        every = (
            self._check_identity,
            ClockSteps(self._store.redis).tick,
            self._resources.leases.renew,
            self._quarantine.take_back,
            *self._store.upkeep,
        )
        return Clock(self._due, self._resources.broker, every=every)

    def belongs_to(self, team: str) -> None:
        """The workspace; raises a UsageError where the store is another one's."""
        store = self._settings.store
        setting = "REDIS_URL" if store.redis_url else "SLSDIAG_STATE_DIR"
        memory = store.state_dir / "store-name"
        identity = StoreIdentity(self._store.redis, team, setting, memory)
        identity.require()
        self._identity = identity

    def shows_homes(self, show: Callable[[str], None]) -> None:
        """How a person's App Home is shown when something of theirs moved."""
        self._show_home = show

    def _at_home(self, user: str) -> None:
        if self._show_home:
            self._show_home(user)

    def start(self, threads: int) -> None:
        """Sweep, and work with so many threads for checks."""
        prepare(Owner, Diagnosis, Entry, Report, Triage, Inquiry, Run, Chunk, Draft, Digest)
        self._quarantine.try_again()
        for digest in Digests(self._store.redis).all():
            self._resources.loss.remember(digest.channel)
        if threads:
            self.accounts.warm()
            self._workers = start_workers(self._resources.broker, threads, POST_THREADS)
            self._watching.start()
        self.clock.start()

    def stop(self) -> None:
        """Finish what is at hand, leave the rest to the store."""
        self._watching.stop()
        self._resources.background.stop()
        self._resources.people.stop()
        self.clock.stop()
        if self._workers:
            self._workers.stop()
        self._resources.broker.close()
        self._store.close()

    @property
    def accounts(self) -> Accounts:
        """The AWS accounts that the settings name."""
        return self._resources.accounts

    @property
    def services(self) -> Services:
        """For listeners: they hear soon when the store is away, or may forget what they save."""
        return services_over(self._store.acknowledging, self._resources, self._doctor)

    def backlog(self) -> Backlog | None:
        """What waits; None, soon, when the store is away."""
        return self._backlogs.read()

    def parked(self) -> int:
        """How many things were put aside; 0 when the store is away."""
        waiting = self.backlog()
        return waiting.parked if waiting else 0

    @property
    def front(self) -> Redis:
        """It fails soon when the store is away."""
        return self._store.front

    @property
    def sent(self) -> Outbox:
        """Where messages landed; it fails soon when the store is away."""
        return Outbox(self._store.front)

    def busy(self, within: timedelta) -> bool:
        """Whether anything is being done, or is to be done within that time."""
        return self._due.busy(within)

    def store_answers(self) -> bool:
        """Whether the store takes writes, and is ours."""
        return self._ready() and self._store_is_ours()

    def _store_is_ours(self) -> bool:
        return self._identity is None or self._identity.ours

    def slack_takes_messages(self) -> bool:
        """Whether Slack lets the app post, as far as was tried lately; raises redis's errors."""
        return self.sent.shut_out_by() is None

    def _check_identity(self) -> None:
        lost = {Recognition.LOST, Recognition.LOST_BEFORE}
        if self._identity and self._identity.check() in lost:
            self._resources.loss.tell()

    def _now(self) -> datetime:
        return now(self._store.redis)
