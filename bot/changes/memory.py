"""
What checks have seen of a function's setup, and when it changed. Pure.

CloudTrail hides variables, so only what was seen before can tell that one was removed. Of variables no value is
kept that may not leave AWS anyway (bot/aws/evidence/variables.py): of the org id only whether it was there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise

from checks.change import Sought
from checks.evidence import Environment, Evidence, Filter, LambdaFunction, Missing, readable
from checks.evidence.function import our_filter
from checks.facts.sdk import ORG_VARIABLE, WRAPPER_VARIABLE, is_our_wrapper, layer_name, sdk_layer
from checks.timeline import clock


@dataclass(frozen=True, slots=True)
class Setup:
    """What of the SDK, and around it, is on a function."""

    sdk_layers: tuple[str, ...]
    """By name, as sls-sdk-node-v0-15-15."""
    other_layers: tuple[str, ...]
    wrapper: str | None
    org_id: bool
    handler: str | None
    runtime: str | None
    filter: bool | None = None
    """Whether a filter of ours is on its log group; None where that was not read."""

    @property
    def instrumented(self) -> bool:
        """Whether any sign of the SDK is on it."""
        return bool(self.sdk_layers or self.org_id or is_our_wrapper(self.wrapper or ""))


@dataclass(frozen=True, slots=True)
class Seen:
    """A setup, and the first and the last check that saw it."""

    setup: Setup
    first: datetime
    last: datetime


def checked(evidence: Evidence) -> Setup | None:
    """What a check saw; None where the variables could not be read, or of a published version."""
    return setup_of(evidence.function, evidence.environment, evidence.filters)


def setup_of(
    function: LambdaFunction,
    environment: Environment | Missing,
    filters: tuple[Filter, ...] | Missing,
) -> Setup | None:
    """Likewise, of a function that a listing shows: then without its filters."""
    if isinstance(environment, Missing) or function.frozen:
        return None
    return Setup(
        tuple(layer_name(arn) for arn in function.layers if sdk_layer(arn)),
        tuple(layer_name(arn) for arn in function.layers if not sdk_layer(arn)),
        readable(environment, WRAPPER_VARIABLE),
        bool(environment.get(ORG_VARIABLE)),
        function.handler,
        function.runtime,
        None if isinstance(filters, Missing) else our_filter(filters) is not None,
    )


def history(seen: Sequence[Seen]) -> list[str]:
    """One line for each change, newest first: 30 Nov 14:31 UTC: SLS_ORG_ID removed (as before until …)."""
    pairs = list(pairwise(seen))
    return [
        f"{clock(after.first)}: {', '.join(differences)} (as before until {clock(before.last)})"
        for before, after in reversed(pairs)
        if (differences := list(_differences(before.setup, after.setup)))
    ]


def _differences(before: Setup, after: Setup) -> Iterator[str]:
    yield from _changed("SDK layer", ", ".join(before.sdk_layers), ", ".join(after.sdk_layers))
    if before.other_layers != after.other_layers:
        yield "other layers changed"
    yield from _changed(WRAPPER_VARIABLE, before.wrapper or "", after.wrapper or "")
    if before.org_id != after.org_id:
        yield f"{ORG_VARIABLE} {'set' if after.org_id else 'removed'}"
    if before.filter != after.filter and None not in {before.filter, after.filter}:
        yield f"log filter {'added' if after.filter else 'removed'}"
    yield from _changed("handler", before.handler or "", after.handler or "")
    yield from _changed("runtime", before.runtime or "", after.runtime or "")


def _changed(what: str, before: str, after: str) -> Iterator[str]:
    if before != after:
        yield f"{what} {f'set to {after}' if after else 'removed'}"


def last_well(seen: Sequence[Seen], cause: str | None) -> datetime | None:
    """When a check last saw in place what `cause` finds missing; None where none has, or it still is."""
    well = _WELL.get(cause or "")
    if well is None or not seen or well(seen[-1].setup):
        return None
    return max((one.last for one in seen if well(one.setup)), default=None)


def known_since(sought: Sought, well: datetime | None) -> Sought:
    """With when it was last seen as it should be; a check after the change shows nothing."""
    before = well if well and (sought.at is None or well < sought.at) else None
    return replace(sought, since=before) if before else sought


_WELL: Mapping[str, Callable[[Setup], bool]] = {
    "function_instrumented": lambda setup: setup.instrumented,
    "layer_attached": lambda setup: bool(setup.sdk_layers),
    "wrapper_set": lambda setup: is_our_wrapper(setup.wrapper or ""),
    "org_id_set": lambda setup: setup.org_id,
    "traces_reach_the_log_pipe": lambda setup: setup.filter is True,
}
"""Causes whose good state a setup shows."""
