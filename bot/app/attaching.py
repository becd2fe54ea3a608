"""Attaching a bundle, plugged together."""

from __future__ import annotations

from bot.attachments.service import Attachments
from bot.diagnosis.cached import CachedGatherer
from bot.diagnosis.held_evidence import HeldEvidence
from bot.diagnosis.service import DiagnosisService
from bot.jobs.broker import Broker
from bot.store.connection import Redis
from bot.store.outbox import Outbox
from bot.store.sharing import SharedValues
from bot.triage.model import Triage
from bot.triage.service import TriageService
from checks.report import Report


def attachments_over(
    redis: Redis,
    diagnoses: DiagnosisService,
    triages: TriageService,
    gatherer: CachedGatherer,
    broker: Broker,
) -> Attachments:
    """What is saved over `redis`."""

    def latest(triage: Triage) -> Report | None:
        diagnosis = diagnoses.diagnoses.load(triage.id.rpartition("-")[0])
        return triages.lookup.latest(diagnosis) if diagnosis else None

    held = HeldEvidence(SharedValues(redis), gatherer.accounts)
    return Attachments(triages.lookup, latest, held, Outbox(redis), broker.soon, bool(gatherer.ttl))
