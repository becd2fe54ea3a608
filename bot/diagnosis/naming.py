"""
When to look for who made the change that a card's cause is about. Pure.

The verdict is shown first, and the name comes by an edit of the card. CloudTrail shows a change only after
some minutes: what is not there yet is looked for again, twice at most.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from bot.diagnosis.model import Diagnosis
from checks.change import Changed, Untold
from checks.report import Report

USUALLY_SHOWN = timedelta(minutes=6)
"""Trails deliver within five minutes on average (AWS CloudTrail User Guide, "How CloudTrail works")."""
SURELY_SHOWN = timedelta(minutes=20, seconds=30)


def wanted(diagnosis: Diagnosis, now: datetime) -> bool:
    """Whether it is time to look."""
    report = diagnosis.report
    if report is None or report.sought is None:
        return False
    if report.changed is None:
        return True
    return diagnosis.name_due is not None and diagnosis.name_due <= now


def held_back(diagnosis: Diagnosis) -> bool:
    """
    Whether it is answered only once it is known who made the change, or why that is not.

    What one person alone reads cannot be edited (Slack, "Modifying messages"), so the name cannot be added later.
    """
    report, shown = diagnosis.report, diagnosis.private and not diagnosis.only
    return shown and report is not None and report.sought is not None and report.changed is None


def unnamed(diagnosis: Diagnosis) -> Diagnosis:
    """One that is held back, where nobody could look."""
    report = diagnosis.report
    if report is None or report.sought is None:
        return diagnosis
    changed = Changed(report.sought.at, why=Untold.UNREACHABLE)
    return replace(diagnosis, report=replace(report, changed=changed))


def named(diagnosis: Diagnosis, changed: Changed, now: datetime) -> Diagnosis:
    """With what was found, and when to look again."""
    assert diagnosis.report  # noqa: S101 - narrows: it has one to name
    report = replace(diagnosis.report, changed=changed)
    return replace(diagnosis, report=report, name_due=_again(changed, now))


def _again(changed: Changed, now: datetime) -> datetime | None:
    if changed.why is not Untold.NOT_YET or changed.at is None:
        return None
    times = (changed.at + USUALLY_SHOWN, changed.at + SURELY_SHOWN)
    return next((at for at in times if at > now), None)


def kept(newest: Report, before: Report | None) -> Report:
    """With what is known already of the same change."""
    same = before is not None and newest.sought == before.sought
    return (
        replace(newest, changed=before.changed)
        if before and same and not newest.changed
        else newest
    )
