"""
One function's evidence, in two waves of calls, each wave in parallel.

The first wave needs nothing but account, region and name; the second asks only what the
first makes worth asking. A part that fails is `Missing`; only the configuration must be had.
The parts come in three scopes, which `keep` may keep apart: most of them are the same for
every function of an account or a region.
"""

from __future__ import annotations

from collections.abc import Mapping

from bot.aws.account_parts import AccountParts, account_parts
from bot.aws.asked import Asked, Keep, anew
from bot.aws.function_parts import NO_CREDENTIALS_SAID, FunctionParts, function_parts
from bot.aws.invocations import sharpened
from bot.aws.region_parts import RegionParts, region_parts
from bot.aws.waves import Progress, Wave
from bot.errors import Unreachable
from checks.evidence import Evidence, Expected, Invocations, Missing
from checks.timeline import settled_at

__all__ = ["NO_CREDENTIALS_SAID", "Asked", "Progress", "gather"]


def gather(
    asked: Asked,
    *,
    expected: Expected,
    answers: Mapping[str, str],
    progress: Progress = lambda _: None,
    keep: Keep = anew,
) -> Evidence:
    """The evidence, or a SlsdiagError when not even the configuration can be had."""
    account, region, now = asked.account, asked.region, asked.now
    wave = Wave(progress)
    function = f"function:{account.id}:{region}:{asked.name}:{asked.qualifier or ''}"
    # The function's first: its configuration is what the second wave hangs on.
    own = wave.begin(lambda: keep(function, lambda: function_parts(wave, asked)))
    of_account = wave.begin(
        lambda: keep(f"account:{account.id}", lambda: account_parts(wave, account, region, now))
    )
    of_region = wave.begin(
        lambda: keep(
            f"region:{account.id}:{region}", lambda: region_parts(wave, account, region, now)
        )
    )
    had = wave.get(own)
    if isinstance(had, Missing):
        raise Unreachable(had.why)
    scopes = wave.get(of_account), wave.get(of_region)
    return _evidence(asked, had, *scopes, expected, answers)


def _evidence(
    asked: Asked,
    own: FunctionParts,
    account: AccountParts | Missing,
    region: RegionParts | Missing,
    expected: Expected,
    answers: Mapping[str, str],
) -> Evidence:
    if isinstance(account, Missing):
        account = AccountParts(account, account)
    if isinstance(region, Missing):
        region = RegionParts(region, region)
    return Evidence(
        now=asked.now,
        function=own.configuration.function,
        environment=own.configuration.environment,
        environment_size=own.configuration.environment_size,
        stack=account.stack,
        role=account.role,
        log_firehose=region.log_firehose,
        metric_pipe=region.metric_pipe,
        log_group=own.log.group,
        filters=own.log.filters,
        invocations=_sharpened(asked, own, account),
        log=own.log.sample,
        traffic=own.traffic,
        expected=expected,
        answers=answers,
    )


def _sharpened(asked: Asked, own: FunctionParts, account: AccountParts) -> Invocations | Missing:
    if isinstance(own.invocations, Missing) or isinstance(account.stack, Missing):
        return own.invocations
    settled = settled_at(account.stack)
    if settled is None:
        return own.invocations
    return sharpened(asked, own.resources, own.invocations, settled)
