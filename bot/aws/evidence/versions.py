"""
What Lambda says of the function and its published versions, and which of them are invoked.

The function's own configuration must be read; of a version it may be unknown whether it is
instrumented.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import replace
from datetime import timedelta

from botocore.exceptions import BotoCoreError, ClientError

from bot.aws.client import Account, Pages
from bot.aws.error_codes import DENIED, EXPIRED, NOT_ENABLED, SKEWED
from bot.aws.errors import (
    GARBLED,
    NO_CREDENTIALS,
    NO_CREDENTIALS_MESSAGE,
    code_of,
    failure,
    garbled,
    or_missing,
    refusal,
)
from bot.aws.evidence.configuration import Configuration, Lead, configuration, leads_of
from bot.aws.evidence.metric_data import DAY, series
from bot.aws.evidence.metrics import of_function, start_of_hour
from bot.aws.evidence.request import FunctionRequest
from bot.aws.operations import FUNCTION_CONFIGURATION, LIST_ALIASES, METRIC_DATA
from bot.aws.parallel import Wave
from bot.errors import Denied, NoCredentials, NoSuchFunction, SignedOut, SlsdiagError, Unreachable
from checks.evidence import Alias, Missing, Traffic

VERSIONS_READ = 5
PUBLISHED = "$LATEST.PUBLISHED"
_PAGES = 20
_TRAFFIC_DAYS = timedelta(days=14)

Leads = tuple[Lead, ...]


def configuration_of(request: FunctionRequest) -> Configuration | SlsdiagError:
    """The configuration, or why there is nothing to check."""
    try:
        return _read(request.account, request.region, request.name, request.qualifier)
    except ClientError as error:
        return _refused(error, request)
    except NO_CREDENTIALS:
        return SignedOut(NO_CREDENTIALS_MESSAGE)
    except BotoCoreError as error:
        return Unreachable(failure(error, FUNCTION_CONFIGURATION, request.region).why)
    except GARBLED:
        return Unreachable(garbled(FUNCTION_CONFIGURATION, request.region).why)


def _refused(error: ClientError, request: FunctionRequest) -> SlsdiagError:
    code = code_of(error)
    why = refusal(error, FUNCTION_CONFIGURATION, request.region).why
    if code == "ResourceNotFoundException":
        where = f"{request.region}{f' of {request.account.id}' if request.account.id else ''}"
        return NoSuchFunction(f"There is no function {request.function.spelled} in {where}.")
    if code in DENIED:
        return Denied(f"The configuration of {request.name} may not be read: {why}")
    if code in NOT_ENABLED:
        return NoCredentials(f"AWS does not accept these credentials in {request.region}.")
    if code in EXPIRED:
        return SignedOut(why)
    return NoCredentials(why) if code in SKEWED else Unreachable(why)


def _read(account: Account, region: str, name: str, qualifier: str | None) -> Configuration:
    """Ask Lambda; raises botocore's errors."""
    arguments = {"FunctionName": name} | ({"Qualifier": qualifier} if qualifier else {})
    config = configuration(account.call(FUNCTION_CONFIGURATION, region, **arguments), qualifier)
    account.id = account.id or config.function.account  # a name is looked up in the caller's own
    return config


def leads(request: FunctionRequest) -> Leads | Missing:
    """
    Needed for a whole function, and for a version: whoever leads to it invokes it.

    In a batch it is known before who was invoked by no alias.
    """
    if request.qualifier and not request.qualifier.isdigit():
        return ()
    if request.batch and not request.qualifier and not request.batch.qualifiers(request.name):
        return ()
    return or_missing(
        LIST_ALIASES,
        request.region,
        lambda: _aliases(request.account, request.region, request.name),
    )


def _aliases(account: Account, region: str, name: str) -> tuple[Lead, ...]:
    """Where each alias leads that leads to a published version."""
    leading: list[Lead] = []
    for page in Pages(account, region, LIST_ALIASES, _PAGES, FunctionName=name).all():
        for alias in page.get("Aliases") or []:
            leading += leads_of(alias)
    return tuple(lead for lead in leading if lead.version != "$LATEST")


def called_by_number(request: FunctionRequest) -> tuple[str, ...] | Missing:
    """
    Versions that were invoked by their own numbers within two weeks, newest first.

    CloudWatch's Resource is then "name:7". A function on managed instances has one version more,
    which gets what names none.
    """
    if request.qualifier:
        return ()

    versions = request.together.qualifiers(request.name)
    if isinstance(versions, Missing):
        return versions
    numbers = sorted((version for version in versions if version.isdigit()), key=int, reverse=True)
    return (*(version for version in versions if version == PUBLISHED), *numbers)


def resources(request: FunctionRequest, aliases: Leads) -> tuple[str, ...]:
    """CloudWatch's names for the invocations of a qualifier; none for the whole function's."""
    if request.qualifier in {None, "$LATEST"}:
        return ()
    leading = [lead.name for lead in aliases if lead.version == request.qualifier]
    qualifiers = (request.qualifier, *leading)
    return tuple(replace(request.function, qualifier=qualifier).spelled for qualifier in qualifiers)


def traffic(
    wave: Wave,
    request: FunctionRequest,
    listed: Future[Leads | Missing],
    numbers: Future[tuple[str, ...] | Missing],
) -> Traffic | Missing:
    """Through aliases, and by the numbers of versions."""
    if request.qualifier:
        return Traffic(())
    aliases, called = wave.get(listed), wave.get(numbers)
    if isinstance(aliases, Missing):
        return aliases
    by_number = called if isinstance(called, Missing) else None
    numbered = () if isinstance(called, Missing) else called
    versions = list(dict.fromkeys([*numbered, *(lead.version for lead in aliases)]))
    if not versions:
        return Traffic((), by_number=by_number)
    names = [*dict.fromkeys(lead.name for lead in aliases), *versions]
    counting = wave.begin(_by_qualifier, request, names)
    instrumented = _instrumented(wave, request, versions[:VERSIONS_READ])
    counts = wave.get(counting)
    if isinstance(counts, Missing):
        return counts
    pairs = [*aliases, *(Lead(v, v) for v in versions if counts.get(v))]
    return replace(_traffic(pairs, counts, instrumented), by_number=by_number)


def _by_qualifier(
    request: FunctionRequest, qualifiers: Sequence[str]
) -> Mapping[str, int] | Missing:
    """Invocations of the last two weeks through each alias or version number."""
    queries = [
        of_function(
            f"q{n}", DAY, request.name, replace(request.function, qualifier=qualifier).spelled
        )
        for n, qualifier in enumerate(qualifiers)
    ]
    began = start_of_hour(request.now - _TRAFFIC_DAYS)

    def read() -> Mapping[str, int]:
        by_query = series(request.account, request.region, queries, began, request.now)
        return {
            qualifier: int(sum(value for _, value in by_query.get(f"q{n}", [])))
            for n, qualifier in enumerate(qualifiers)
        }

    return or_missing(METRIC_DATA, request.region, read)


def _traffic(
    pairs: Iterable[Lead], counts: Mapping[str, int], instrumented: Mapping[str, bool | None]
) -> Traffic:
    """Of versions whose configuration was not read only that they are invoked."""
    pairs = tuple(pairs)
    published = tuple(
        Alias(lead.name, lead.version, _count(lead, counts), instrumented[lead.version])
        for lead in pairs
        if lead.version in instrumented
    )
    unchecked = (
        lead.name for lead in pairs if lead.version not in instrumented and counts.get(lead.name)
    )
    return Traffic(published, tuple(dict.fromkeys(unchecked)))


def _count(lead: Lead, counts: Mapping[str, int]) -> int:
    """CloudWatch counts by the alias; of a shared one the share is an estimate."""
    return round(counts.get(lead.name, 0) * lead.share)


def _instrumented(
    wave: Wave, request: FunctionRequest, versions: Iterable[str]
) -> dict[str, bool | None]:
    """Whether each version is; None where that could not be read."""
    reads = {version: wave.begin(_version, request, version) for version in versions}
    instrumented: dict[str, bool | None] = {}
    for version, future in reads.items():
        answer = wave.get(future)
        instrumented[version] = None if isinstance(answer, Missing) else answer
    return instrumented


def _version(request: FunctionRequest, version: str) -> bool | None:
    try:
        return _read(request.account, request.region, request.name, version).instrumented
    except (ClientError, BotoCoreError, *GARBLED):
        return None
