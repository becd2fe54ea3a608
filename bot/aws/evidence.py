"""
One function's evidence, in two waves of calls, each wave in parallel.

The first wave needs nothing but account, region and name; the second asks only what the
first makes worth asking. A part that fails is `Missing`; only the configuration must be had.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as LateError
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from time import monotonic
from typing import TYPE_CHECKING, Any, TypeVar

from botocore.exceptions import BotoCoreError, ClientError

from bot.aws import configuration, firehose, logs, metrics, stack
from bot.aws.configuration import Configuration
from bot.aws.door import Account
from bot.aws.operations import FUNCTION_CONFIGURATION, LIST_ALIASES
from bot.aws.refusals import DENIED, NO_CREDENTIALS, NOT_ENABLED, code_of, or_missing, refusal
from bot.aws.refusals import failure as failed
from bot.errors import Denied, NoCredentials, NoSuchFunction, SlsdiagError, Unreachable
from checks.evidence import (
    Alias,
    DeliveryStream,
    Evidence,
    Expected,
    Filter,
    Invocations,
    LogGroup,
    LogSample,
    MetricPipe,
    Missing,
    Traffic,
)
from checks.evidence.account import STACK_REGION
from checks.evidence.function import FILTER_NAME
from checks.evidence.region import LOG_FIREHOSE, METRIC_FIREHOSE
from checks.timeline import last_invoked

if TYPE_CHECKING:
    from collections.abc import Iterator

T = TypeVar("T")
LOG_REACHES_BACK = timedelta(days=14)
METRICS_LAG = timedelta(minutes=15)
VERSIONS_LOOKED_AT = 5
_THREADS = 24
_DEADLINE = 45.0
_LATE = Missing(f"AWS did not answer within {_DEADLINE:.0f} seconds.")

NO_CREDENTIALS_SAID = "There are no usable AWS credentials: set AWS_PROFILE or the AWS_… variables."

Progress = Callable[[frozenset[str]], None]


@dataclass
class Wave:
    """Calls under way at once; `left` tells which parts are still being read."""

    pool: ThreadPoolExecutor
    ends_at: float
    progress: Progress
    left: set[str] = field(default_factory=set)

    def ask(self, part: str, read: Callable[[], T]) -> Future[T]:
        """Begin to read `part`."""
        self.left.add(part)
        future = self.pool.submit(read)
        future.add_done_callback(lambda _: self._done(part))
        return future

    def get(self, future: Future[T]) -> T | Missing:
        """What was read; Missing when it came too late."""
        try:
            return future.result(max(0.0, self.ends_at - monotonic()))
        except LateError:
            return _LATE

    def _done(self, part: str) -> None:
        self.left.discard(part)
        self.progress(frozenset(self.left))


@contextmanager
def wave(progress: Progress) -> Iterator[Wave]:
    """A pool of threads that does not keep the caller waiting for what is late."""
    pool = ThreadPoolExecutor(_THREADS, thread_name_prefix="aws")
    try:
        yield Wave(pool, monotonic() + _DEADLINE, progress)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose evidence is gathered."""

    account: Account
    region: str
    name: str
    qualifier: str | None
    now: datetime

    @property
    def resources(self) -> tuple[str, ...]:
        """CloudWatch's name for the invocations of a qualifier."""
        if self.qualifier in {None, "$LATEST"}:
            return ()
        return (f"{self.name}:{self.qualifier}",)


def gather(
    asked: Asked,
    *,
    expected: Expected,
    answers: Mapping[str, str],
    progress: Progress = lambda _: None,
) -> Evidence:
    """The evidence, or a SlsdiagError when not even the configuration can be had."""
    account, region, name, now = asked.account, asked.region, asked.name, asked.now
    group = f"/aws/lambda/{name}"
    began = now - LOG_REACHES_BACK
    with wave(progress) as first:
        config = first.ask("configuration", lambda: _configuration(asked))
        found_stack = first.ask("integration stack", lambda: stack.describe(account, STACK_REGION))
        role = first.ask("role", lambda: stack.role(account, region))
        filters = first.ask("filters", lambda: logs.filters(account, region, group))
        lines = first.ask("log", lambda: logs.sdk_lines(account, region, group, began))
        recent = first.ask("invocations", lambda: _invocations(asked, "recent"))
        older = first.ask("earlier invocations", lambda: _invocations(asked, "older"))
        stream = first.ask(
            "Firehose", lambda: firehose.delivery_stream(account, region, LOG_FIREHOSE)
        )
        share = first.ask("deliveries", lambda: metrics.delivered_share(account, region, now))
        metric = first.ask("metric stream", lambda: metrics.metric_stream(account, region))
        aliases = first.ask("aliases", lambda: _aliases(asked))

        had = _had(first.get(config))
        invoked = metrics.joined(first.get(recent), first.get(older), now)
        whole_stack = first.ask(
            "the stack's past",
            lambda: stack.complete(account, first.get(found_stack), region, now, first.pool),
        )
        own = first.ask(
            "the log group",
            lambda: _log(asked, had, invoked, first.get(filters), first.get(lines), began),
        )
        traffic = first.ask("versions", lambda: _traffic(first, asked, first.get(aliases)))
        pipe = first.ask("metric pipe", lambda: _pipe(asked, first.get(metric)))
        firehose_found, delivered = first.get(stream), first.get(share)
        if isinstance(firehose_found, DeliveryStream):
            firehose_found = replace(firehose_found, delivered_share=delivered)
        own_log = first.get(own)
        log = own_log if isinstance(own_log, OwnLog) else OwnLog(_LATE, _LATE, _LATE)
        return Evidence(
            now=now,
            function=had.function,
            environment=had.environment,
            environment_size=had.environment_size,
            stack=first.get(whole_stack),
            role=first.get(role),
            log_firehose=firehose_found,
            metric_pipe=first.get(pipe),
            log_group=log.group,
            filters=log.filters,
            invocations=invoked,
            log=log.sample,
            traffic=first.get(traffic),
            expected=expected,
            answers=answers,
        )


def _had(found: Configuration | SlsdiagError | Missing) -> Configuration:
    if isinstance(found, SlsdiagError):
        raise found
    if isinstance(found, Missing):
        raise Unreachable(found.why)
    return found


def _configuration(asked: Asked) -> Configuration | SlsdiagError | Missing:
    """The configuration, or why there is nothing to check."""
    try:
        return configuration.read(asked.account, asked.region, asked.name, asked.qualifier)
    except ClientError as error:
        return _no_configuration(error, asked)
    except NO_CREDENTIALS:
        return NoCredentials(NO_CREDENTIALS_SAID)
    except BotoCoreError as error:
        return Unreachable(failed(error, FUNCTION_CONFIGURATION, asked.region).why)


def _no_configuration(error: ClientError, asked: Asked) -> SlsdiagError:
    code = code_of(error)
    why = refusal(error, FUNCTION_CONFIGURATION, asked.region).why
    if code == "ResourceNotFoundException":
        spelled = f"{asked.name}:{asked.qualifier}" if asked.qualifier else asked.name
        where = f"{asked.region}{f' of {asked.account.id}' if asked.account.id else ''}"
        return NoSuchFunction(f"There is no function {spelled} in {where}.")
    if code in DENIED:
        return Denied(f"The configuration of {asked.name} may not be read: {why}")
    if code in NOT_ENABLED:
        return NoCredentials(f"AWS does not accept these credentials in {asked.region}.")
    return Unreachable(why)


def _invocations(asked: Asked, part: str) -> Any:
    return metrics.invocations(
        asked.account, asked.region, asked.name, asked.resources, asked.now, part
    )


def _aliases(asked: Asked) -> tuple[tuple[str, str], ...] | Missing:
    if asked.qualifier:
        return ()
    return or_missing(
        LIST_ALIASES,
        asked.region,
        lambda: configuration.aliases(asked.account, asked.region, asked.name),
    )


@dataclass(frozen=True, slots=True)
class OwnLog:
    """What the function's own log group tells."""

    group: LogGroup | Missing | None
    filters: tuple[Filter, ...] | Missing
    sample: LogSample | Missing


def _log(
    asked: Asked,
    had: Configuration,
    invoked: Invocations | Missing,
    filters: tuple[Filter, ...] | Missing | None,
    lines: logs.Lines,
    began: datetime,
) -> OwnLog:
    """Asks a custom group anew; looks at every line where the SDK's tell nothing."""
    account, region, group = asked.account, asked.region, had.log_group
    if group != f"/aws/lambda/{asked.name}":
        filters = logs.filters(account, region, group)
        lines = logs.sdk_lines(account, region, group, began)
    version = had.function.version if asked.qualifier else None

    def read(found: logs.Lines) -> LogSample | Missing:
        return logs.sample(found, function=asked.name, version=version, began=began)

    sample = read(lines)
    changed = had.function.modified_at
    if isinstance(sample, LogSample) and not sample.since(changed).last_payload_at:
        since = max(changed, _around(invoked, asked.now), began)
        rest = read(logs.all_lines(account, region, group, since))
        sample = rest if isinstance(rest, Missing) else sample.merged(rest)
    known = _group(account, region, group, filters)
    return OwnLog(known, () if filters is None else filters, sample)


def _around(invoked: Invocations | Missing, now: datetime) -> datetime:
    """Shortly before the last invocation; metrics lag, so at least the last minutes."""
    last = None if isinstance(invoked, Missing) else last_invoked(invoked)
    lately = now - METRICS_LAG
    return min(last - timedelta(minutes=1), lately) if last else lately


def _group(
    account: Account, region: str, group: str, filters: tuple[Filter, ...] | Missing | None
) -> LogGroup | Missing | None:
    """Its class matters, and is asked, only where our filter is not to be seen."""
    if filters is None:
        return None
    if not isinstance(filters, Missing) and any(f.name == FILTER_NAME for f in filters):
        return LogGroup(group)
    found = logs.log_group(account, region, group)
    if isinstance(found, Missing) and not isinstance(filters, Missing):
        return LogGroup(group)
    return found


def _pipe(asked: Asked, state: str | Missing | None) -> MetricPipe | Missing:
    if isinstance(state, Missing):
        return state
    if state is not None:
        return MetricPipe(state)
    found = firehose.delivery_stream(asked.account, asked.region, METRIC_FIREHOSE)
    if isinstance(found, Missing):
        return MetricPipe(None, None, found.why)
    return MetricPipe(None, found is not None)


def _traffic(
    under_way: Wave, asked: Asked, aliases: tuple[tuple[str, str], ...] | Missing
) -> Traffic | Missing:
    """Aliases' invocations, and whether the versions behind them are instrumented."""
    if isinstance(aliases, Missing) or not aliases:
        return aliases if isinstance(aliases, Missing) else Traffic(())
    names = tuple(dict.fromkeys(alias for alias, _ in aliases))
    counted = under_way.pool.submit(
        metrics.traffic, asked.account, asked.region, asked.name, names, asked.now
    )
    versions = list(dict.fromkeys(version for _, version in aliases))
    looked = versions[:VERSIONS_LOOKED_AT]
    read = under_way.pool.map(lambda each: _instrumented(asked, each), looked)
    known = dict(zip(looked, read, strict=True))
    counts = counted.result()
    if isinstance(counts, Missing):
        return counts
    published = tuple(
        Alias(alias, version, counts.get(alias, 0), known[version])
        for alias, version in aliases
        if version in known
    )
    unread = tuple(alias for alias, v in aliases if v not in known and counts.get(alias))
    return Traffic(published, unread)


def _instrumented(asked: Asked, version: str) -> bool | None:
    found = _configuration(replace(asked, qualifier=version))
    return found.instrumented if isinstance(found, Configuration) else None
