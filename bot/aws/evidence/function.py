"""The function's parts: configuration, log group, filters, invocations, log, traffic."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass

from bot.aws.evidence import metrics
from bot.aws.evidence.configuration import Configuration
from bot.aws.evidence.edge import at_the_edge
from bot.aws.evidence.metrics import Recent, Sums
from bot.aws.evidence.own_log import OwnLog, first_reads, own_log
from bot.aws.evidence.request import FunctionRequest
from bot.aws.evidence.versions import (
    Leads,
    called_by_number,
    configuration_of,
    leads,
    resources,
    traffic,
)
from bot.aws.parallel import Confirmed, Wave
from bot.errors import SlsdiagError, Unreachable
from checks.evidence import Invocations, Missing, Traffic


@dataclass(frozen=True, slots=True)
class FunctionParts:
    """What is this function's alone."""

    configuration: Configuration
    log: OwnLog
    invocations: Invocations | Missing
    resources: tuple[str, ...]
    """By which CloudWatch counts those invocations; none for the whole function's."""
    traffic: Traffic | Missing
    at_the_edge: bool | Missing | None = None
    """Whether CloudFront may run it; None: it cannot be, or it was not read."""


def function_parts(
    wave: Wave, request: FunctionRequest, confirmed: Confirmed | None
) -> FunctionParts:
    """Raises a SlsdiagError when not even the configuration can be read."""
    first = first_reads(wave, request, request.default_group)  # the log's pages take longest
    config = wave.ask("configuration", configuration_of, request)
    listed = wave.ask("aliases", leads, request)
    called = wave.ask("versions' numbers", called_by_number, request)
    counted = wave.begin(_invocations, wave, request, listed)
    answer = wave.get(config)
    configured = _read_or_raise(answer)
    if confirmed:  # in a thread of its own: the other reads do not wait for it
        wave.begin(confirmed, configured.function.account)
    busy = wave.ask("versions", traffic, wave, request, listed, called)
    counts = wave.get(counted)
    names, invoked = ((), counts) if isinstance(counts, Missing) else counts
    edge = wave.ask("function's role", at_the_edge, request, configured, invoked)
    log = wave.get(wave.begin(own_log, wave, request, configured, invoked, first))
    late = OwnLog(log, log, log, log) if isinstance(log, Missing) else log
    return FunctionParts(configured, late, invoked, names, wave.get(busy), wave.get(edge))


def _invocations(
    wave: Wave, request: FunctionRequest, listed: Future[Leads | Missing]
) -> tuple[tuple[str, ...], Invocations | Missing]:
    """
    Only a version's number has to wait for the aliases that lead to it.

    Where these were not read, invocations through them are not known, so no sum is.
    """
    leading = wave.get(listed) if (request.qualifier or "").isdigit() else ()
    if isinstance(leading, Missing):
        return (), leading
    names = resources(request, leading)
    recent = wave.ask("invocations", _recent, request, names)
    older = wave.ask("earlier invocations", _older, request, names)
    return names, metrics.joined(wave.get(recent), wave.get(older), request.now)


def _recent(request: FunctionRequest, names: Sequence[str]) -> Recent | Missing:
    if not names:
        return request.together.recent(request.name)
    wanted = {request.name: names}
    read = metrics.recent(request.account, request.region, wanted, request.now)
    return read if isinstance(read, Missing) else read[request.name]


def _older(request: FunctionRequest, names: Sequence[str]) -> Sums | Missing:
    if not names:
        return request.together.older(request.name)
    wanted = {request.name: names}
    read = metrics.older(request.account, request.region, wanted, request.now)
    return read if isinstance(read, Missing) else read[request.name]


def _read_or_raise(answer: Configuration | SlsdiagError | Missing) -> Configuration:
    if isinstance(answer, SlsdiagError):
        raise answer
    if isinstance(answer, Missing):
        raise Unreachable(answer.why)
    return answer
