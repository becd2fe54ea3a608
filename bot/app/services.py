"""
The features' services, and what they are made of.

Workers and people have connections to the store of their own, so `services_over` makes the services
for one connection; what does not depend on it is in `Resources`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from operator import attrgetter

from slack_sdk import WebClient

from bot.app.attaching import attachments_over
from bot.app.authorization import Access
from bot.app.covered import covered
from bot.attachments.service import Attachments
from bot.aws.accounts import Accounts
from bot.changes.memory import Seen
from bot.changes.repository import Setups
from bot.conversation import Conversation
from bot.diagnosis.cached import CachedGatherer
from bot.diagnosis.model import Diagnosis
from bot.diagnosis.service import DiagnosisService
from bot.diagnosis.work import DiagnosisWork
from bot.digest.listeners import zone_of
from bot.digest.model import Digest, Draft
from bot.digest.previews import Previews
from bot.digest.repository import Digests
from bot.digest.service import DigestService
from bot.jobs.broker import Broker
from bot.scan.answers import Answers
from bot.scan.coordinator import Runs
from bot.scan.repository import Scans
from bot.scan.run import Inquiry
from bot.scan.service import ScanService
from bot.scan.worker import Work
from bot.search.inventory import Inventory
from bot.search.repository import Inventories
from bot.search.requests import RequestHistory
from bot.search.service import SearchService
from bot.serving_settings import ServingSettings
from bot.slack.background import Background
from bot.slack.external import External
from bot.slack.interactions import Replies
from bot.slack.loss import Loss
from bot.slack.membership import Membership
from bot.slack.people import People
from bot.store.connection import Redis, now
from bot.store.due import DIAGNOSIS, DIGEST, DRAFT, INQUIRY, TRIAGE, Due, Leases
from bot.store.outbox import Outbox
from bot.store.rate_limit import RateLimit
from bot.store.records import Records
from bot.store.sharing import SharedValues, SingleFlight
from bot.triage.lookup import TriageLookup, TriageOffers, cards_to_draw, thread_address
from bot.triage.model import Triage
from bot.triage.service import TriageService
from bot.triage.work import TriageWork
from bot.watch.service import WatchService, service_over


@dataclass(frozen=True)
class Resources:
    """What services share, whichever connection they are made over."""

    settings: ServingSettings
    client: WebClient
    accounts: Accounts
    external: External
    gatherer: CachedGatherer
    reports: SharedValues
    leases: Leases
    people: People
    membership: Membership
    loss: Loss
    broker: Broker
    background: Background

    def replies(self, redis: Redis) -> Replies:
        """Replies to one person alone, saved over `redis`."""
        return Replies(Outbox(redis), self.broker.soon, self.client, self.background)


OWNED = {DIAGNOSIS: Diagnosis, TRIAGE: Triage, INQUIRY: Inquiry, DRAFT: Draft, DIGEST: Digest}
"""The records that buttons name, by kind."""


Doctor = Callable[[Conversation], str]
"""Begins to check the bot itself, and returns what to reply at once."""


@dataclass(frozen=True)
class Services:
    """One for each feature, and what listeners need besides."""

    diagnosis: DiagnosisService
    diagnosis_work: DiagnosisWork
    triages: TriageService
    triage_work: TriageWork
    scans: ScanService
    digests: DigestService
    watches: WatchService
    previews: Previews
    search: SearchService
    accounts: Accounts
    doctor: Doctor
    access: Access
    external: External
    replies: Replies
    membership: Membership
    loss: Loss
    setups: Callable[[Diagnosis], list[Seen]]
    """What checks saw of the setup of a report's function."""
    attachments: Attachments
    url: str = ""
    """The workspace's address, with a slash at its end."""


def services_over(redis: Redis, resources: Resources, doctor: Doctor) -> Services:
    """The services whose records are read and saved over `redis`."""
    limits = RateLimit(redis, resources.settings.limits, OWNED)
    diagnosis = _diagnosis(redis, resources)
    triages = _triages(redis, resources, diagnosis)
    return Services(
        diagnosis,
        _diagnosis_work(redis, resources, diagnosis, triages),
        triages,
        TriageWork(triages, Due(redis), resources.leases, resources.gatherer.evidence),
        _scans(redis, resources),
        _digests(redis, resources),
        service_over(redis, resources.accounts, resources.broker.soon),
        _previews(redis, resources),
        _search(redis, resources),
        resources.accounts,
        doctor,
        Access(resources.settings.roles, resources.people, limits, resources.accounts),
        resources.external,
        resources.replies(redis),
        resources.membership,
        resources.loss,
        partial(resources.gatherer.remembered, Setups(redis)),
        attachments_over(redis, diagnosis, triages, resources.gatherer, resources.broker),
    )


def _diagnosis(redis: Redis, resources: Resources) -> DiagnosisService:
    records = Records(redis, DIAGNOSIS, Diagnosis)
    return DiagnosisService(records, resources.broker.soon, partial(now, redis), resources.accounts)


def _diagnosis_work(
    redis: Redis,
    resources: Resources,
    diagnosis: DiagnosisService,
    triages: TriageService,
) -> DiagnosisWork:
    def remember(diagnosis: Diagnosis) -> None:
        """Where the report was sent."""
        resources.loss.remember(diagnosis.place.user if diagnosis.private else diagnosis.channel)

    moves = triages.open, triages.learn
    return DiagnosisWork(
        diagnosis,
        Due(redis),
        resources.leases,
        resources.reports,
        SingleFlight(redis),
        resources.gatherer.report,
        (RequestHistory(redis).noted, remember),
        TriageOffers(triages.lookup, diagnosis, Outbox(redis), resources.client, *moves),
        resources.gatherer.changed,
    )


def _triages(redis: Redis, resources: Resources, diagnosis: DiagnosisService) -> TriageService:
    records = Records(redis, TRIAGE, Triage, attrgetter("subject"))
    return TriageService(
        TriageLookup(records, resources.accounts),
        resources.broker.soon,
        partial(now, redis),
        partial(thread_address, outbox=Outbox(redis), client=resources.client),
        partial(cards_to_draw, diagnoses=diagnosis),
    )


def _scans(redis: Redis, resources: Resources) -> ScanService:
    return ScanService(
        Records(redis, INQUIRY, Inquiry),
        _runs(redis, resources),
        Scans(redis),
        Due(redis),
        resources.leases,
        resources.broker.soon,
        partial(now, redis),
    )


def _runs(redis: Redis, resources: Resources) -> Runs:
    scans, clock = Scans(redis), partial(now, redis)
    evidence = partial(resources.gatherer.cache, fresh=False)
    return Runs(
        scans,
        Due(redis),
        resources.leases,
        resources.accounts,
        Work(scans, resources.accounts, evidence, Answers(redis), Setups(redis), clock),
        resources.accounts.settings.owner_tag,
        resources.broker.soon,
        clock,
    )


def _digests(redis: Redis, resources: Resources) -> DigestService:
    return DigestService(
        Records(redis, DRAFT, Draft),
        Digests(redis),
        resources.broker.soon,
        partial(now, redis),
        resources.accounts,
    )


def _previews(redis: Redis, resources: Resources) -> Previews:
    return Previews(
        Records(redis, DRAFT, Draft),
        _runs(redis, resources),
        resources.leases,
        partial(covered, resources.accounts, _search(redis, resources)),
        partial(zone_of, resources.client),
        resources.broker.soon,
        partial(now, redis),
    )


def _search(redis: Redis, resources: Resources) -> SearchService:
    inventory = Inventory(
        Inventories(redis),
        SingleFlight(redis),
        resources.accounts,
        resources.broker.soon,
        partial(now, redis),
    )
    return SearchService(inventory, RequestHistory(redis))
