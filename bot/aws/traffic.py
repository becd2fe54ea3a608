"""Who is invoked: published versions with traffic, and whether they are instrumented."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from botocore.exceptions import BotoCoreError, ClientError

from bot.aws import configuration, invocations
from bot.aws.asked import Asked
from bot.aws.configuration import Lead
from bot.aws.operations import LIST_ALIASES
from bot.aws.refusals import GARBLED, or_missing
from bot.aws.waves import Wave
from checks.evidence import Alias, Missing, Traffic

VERSIONS_LOOKED_AT = 5

Leads = tuple[Lead, ...]


def leads(asked: Asked) -> Leads | Missing:
    """Needed for a whole function, and for a version: whoever leads to it invokes it."""
    if asked.qualifier and not asked.qualifier.isdigit():
        return ()
    return or_missing(
        LIST_ALIASES,
        asked.region,
        lambda: configuration.aliases(asked.account, asked.region, asked.name),
    )


def resources(asked: Asked, found: Leads | Missing) -> tuple[str, ...]:
    """CloudWatch's names for the invocations of a qualifier; none for the whole function's."""
    if asked.qualifier in {None, "$LATEST"}:
        return ()
    pairs = () if isinstance(found, Missing) else found
    leading = [lead.name for lead in pairs if lead.version == asked.qualifier]
    return tuple(f"{asked.name}:{each}" for each in (asked.qualifier, *leading))


def traffic(wave: Wave, asked: Asked, found: Leads | Missing) -> Traffic | Missing:
    """Through aliases, and by the numbers of the versions that they lead to."""
    if asked.qualifier:
        return Traffic(())
    if isinstance(found, Missing) or not found:
        return found if isinstance(found, Missing) else Traffic(())
    versions = list(dict.fromkeys(lead.version for lead in found))
    names = [*dict.fromkeys(lead.name for lead in found), *versions]
    counting = wave.begin(lambda: invocations.by_qualifier(asked, names))
    looked = {
        v: wave.begin(partial(_instrumented, asked, v)) for v in versions[:VERSIONS_LOOKED_AT]
    }
    counts = wave.get(counting)
    if isinstance(counts, Missing):
        return counts
    told: dict[str, bool | None] = {}
    for version, future in looked.items():
        known = wave.get(future)
        told[version] = None if isinstance(known, Missing) else known
    pairs = [*found, *(Lead(v, v) for v in versions if counts.get(v))]
    published = tuple(
        Alias(lead.name, lead.version, _count(lead, counts), told[lead.version])
        for lead in pairs
        if lead.version in told
    )
    unread = (lead.name for lead in pairs if lead.version not in told and counts.get(lead.name))
    return Traffic(published, tuple(dict.fromkeys(unread)))


def _count(lead: Lead, counts: Mapping[str, int]) -> int:
    """CloudWatch counts by the alias; of a shared one the share is an estimate."""
    return round(counts.get(lead.name, 0) * lead.share)


def _instrumented(asked: Asked, version: str) -> bool | None:
    try:
        return configuration.read(asked.account, asked.region, asked.name, version).instrumented
    except (ClientError, BotoCoreError, *GARBLED):
        return None
