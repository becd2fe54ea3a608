"""
One function's evidence, in two waves of calls, each wave in parallel.

The first wave needs nothing but account, region and name; the second asks only what the
first makes worth reading. A part that fails is `Missing`; only the configuration must be read.
The parts come in three scopes, which `cache` may keep apart: most of them are the same for
every function of an account or a region. Whether Dashboard hears of deployments is only read, after
all else, where layer or variables are missing after one.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import fields, replace
from functools import partial
from typing import Any, TypeVar

from bot.aws.evidence.account import AccountParts, account_parts
from bot.aws.evidence.configuration import Configuration
from bot.aws.evidence.deployment_events import deployment_events
from bot.aws.evidence.function import FunctionParts, function_parts
from bot.aws.evidence.own_log import OwnLog
from bot.aws.evidence.region import RegionParts, region_parts
from bot.aws.evidence.request import Cache, FunctionRequest, uncached
from bot.aws.evidence.sharpened import sharpened
from bot.aws.parallel import Confirmed, Progress, Wave
from bot.errors import Unreachable
from checks.evidence import Evidence, Expected, Invocations, Missing
from checks.repair import is_about_repair
from checks.timeline import settled_at

__all__ = ["Confirmed", "FunctionRequest", "Progress", "gather", "parts_of"]

Parts = TypeVar("Parts", AccountParts, RegionParts, FunctionParts, Configuration, OwnLog)
_PARTS = frozenset(field.name for field in fields(Evidence))


def gather(
    request: FunctionRequest,
    *,
    expected: Expected,
    answers: Mapping[str, str],
    progress: Progress = lambda _: None,
    confirmed: Confirmed | None = None,
    cache: Cache = uncached,
) -> Evidence:
    """
    The evidence, or a SlsdiagError when not even the configuration can be read.

    `confirmed` is called when it was read; not where `cache` has it, or somebody else reads it.
    """
    wave = Wave(progress)  # the function's first: its configuration is what the second one hangs on
    own = wave.begin(cache, _key(request), partial(function_parts, wave, request, confirmed))
    of_account, of_region = _shared(wave, request, cache)
    configured = wave.get(own)
    if isinstance(configured, Missing):
        raise Unreachable(configured.why)
    account, region = wave.get(of_account), wave.get(of_region)
    invoked = wave.get(wave.begin(_sharpened, request, configured, account))
    parts = _evidence(configured, account, region, invoked)
    evidence = Evidence(now=request.now, **parts, expected=expected, answers=answers)
    return _heard(wave, request, cache, evidence)


def _key(request: FunctionRequest) -> str:
    """What is read of one function is shared under this."""
    where = f"{request.account.key}:{request.region}"
    return f"function:{where}:{request.function.spelled}"


def _shared(
    wave: Wave, request: FunctionRequest, cache: Cache
) -> tuple[Future[AccountParts], Future[RegionParts]]:
    """What is the same for every function of the account, and of the region."""
    account, region, now = request.account, request.region, request.now
    where = wave, account, region, now
    return (
        wave.begin(cache, f"account:{account.key}", partial(account_parts, *where)),
        wave.begin(cache, f"region:{account.key}:{region}", partial(region_parts, *where)),
    )


def _heard(wave: Wave, request: FunctionRequest, cache: Cache, evidence: Evidence) -> Evidence:
    """With whether Dashboard hears of deployments, the same for the region, where the answer uses it."""
    if not is_about_repair(evidence):
        return evidence
    read = partial(deployment_events, wave, request.account, request.region)
    key = f"events:{request.account.key}:{request.region}"
    return replace(evidence, deployment_events=wave.get(wave.begin(cache, key, read)))


def _evidence(
    own: FunctionParts,
    account: AccountParts | Missing,
    region: RegionParts | Missing,
    invoked: Invocations | Missing,
) -> dict[str, Any]:
    """What was read, by the names that `Evidence` has for it."""
    named = (
        parts_of(Configuration, own.configuration),
        parts_of(OwnLog, own.log),
        parts_of(FunctionParts, own),
        parts_of(AccountParts, account),
        parts_of(RegionParts, region),
    )
    of_function = {
        "function": replace(own.configuration.function, at_the_edge=own.at_the_edge is True),
        "edge_unread": own.at_the_edge if isinstance(own.at_the_edge, Missing) else None,
        "invocations": invoked,
        "log_group": own.log.group,
        "log": own.log.sample,
    }
    return dict(ChainMap(of_function, *named))


def parts_of(scope: type[Parts], had: Parts | Missing) -> dict[str, Any]:
    """Those that `Evidence` has by the same name; each is missing where the whole scope is."""
    names = [field.name for field in fields(scope) if field.name in _PARTS]
    return {name: had if isinstance(had, Missing) else getattr(had, name) for name in names}


def _sharpened(
    request: FunctionRequest, own: FunctionParts, account: AccountParts | Missing
) -> Invocations | Missing:
    stack = account if isinstance(account, Missing) else account.stack
    settled = None if isinstance(stack, Missing) else settled_at(stack)
    if isinstance(own.invocations, Missing) or settled is None:
        return own.invocations
    return sharpened(request, own.resources, own.invocations, settled)
