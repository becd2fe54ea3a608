"""What a project's files plan, and what lint says about it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from bot.formats.findings import Finding, Findings, Unknown
from bot.lint.tree import Place
from checks.evidence import Filter, Withheld
from checks.model import Action

Value = TypeVar("Value")
Other = TypeVar("Other")


@dataclass(frozen=True, slots=True)
class Changer:
    """Something that may change functions after the file was written: a plugin, a transform."""

    why: str
    """A clause: the transform DatadogServerless changes functions at the deploy."""
    place: Place
    only_variables: bool = False


@dataclass(frozen=True, slots=True)
class Planned(Generic[Value]):
    """A value of which it may not be known what it will be."""

    options: tuple[Value, ...]
    """What it may be, the likeliest first."""
    place: Place
    why: str | None = None
    """Why it is not known, as a clause; None where it is."""
    open: bool = False
    """It may also be anything else."""
    changer: Changer | None = None
    """What may change it later on; a problem that it has already stays one."""

    def map(self, change: Callable[[Value], Other]) -> Planned[Other]:
        """With each option changed."""
        changed = tuple(map(change, self.options))
        return Planned(changed, self.place, self.why, self.open, self.changer)


@dataclass(frozen=True, slots=True)
class Variables:
    """A function's environment variables."""

    place: Place
    wrapper: Planned[str | None]
    node_options: Planned[str | None]
    others: Mapping[str, Withheld]
    size: Planned[int]
    """Bytes as compact JSON: at least, at most."""


@dataclass(frozen=True, slots=True)
class Region:
    """Where the functions of a template will be, and where that is said."""

    name: str
    place: Place


@dataclass(frozen=True, slots=True)
class Serving:
    """Something that sends traffic to a published version."""

    what: str
    """As a headline begins: Provisioned concurrency."""
    place: Place


@dataclass(frozen=True, slots=True)
class Said:
    """A finding that no step makes of evidence: the file itself says it, at one place."""

    step: str
    outcome: str
    headline: str
    place: Place
    actions: tuple[Action, ...] = ()


@dataclass(frozen=True, slots=True)
class Doubt:
    """A step that cannot be decided before the deploy, or (step None) a file that is not read."""

    place: Place
    function: str | None
    step: str | None
    why: str


@dataclass(frozen=True, slots=True)
class PlannedFunction:
    """One function, as the files plan it."""

    key: str
    """The template's own key, or the logical id."""
    place: Place
    name: str
    """Parts of it that only the deploy knows stand there as ${Name}."""
    region: Region | None
    runtime: Planned[str | None]
    """None for a container image."""
    handler: Planned[str | None]
    layers: Planned[tuple[str, ...]]
    variables: Variables
    log_class: Planned[str]
    filters: Planned[tuple[Filter, ...]]
    edge: Place | None = None
    """Where CloudFront is told to run it."""
    managed: bool = False
    durable: bool = False
    code_size: int | None = None
    """Zipped bytes, where it is packaged."""
    serving: tuple[Serving, ...] = ()
    said: tuple[Said, ...] = ()


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a generated template's resource comes from."""

    line: int
    """On which the template begins it."""
    place: Place | None
    """In the source; None where that is not known."""


@dataclass(frozen=True, slots=True)
class Project:
    """One template or service."""

    file: str
    functions: tuple[PlannedFunction, ...] = ()
    said: tuple[Said, ...] = ()
    """About all of its functions."""
    doubts: tuple[Doubt, ...] = ()
    sources: frozenset[str] = frozenset()
    """All files that were read for it."""
    origins: tuple[Origin, ...] = ()
    """Of a generated template, in the order of its lines."""

    def origin(self, place: Place) -> Place:
        """Where what stands in the template was written; the place itself where nothing says so."""
        if not self.origins or place.file != self.file:
            return place
        at = bisect_right([origin.line for origin in self.origins], place.line) - 1
        return (self.origins[at].place if at >= 0 else None) or place


@dataclass(frozen=True, slots=True)
class Unused:
    """A comment that accepts a finding, and is of no use."""

    file: str
    line: int
    step: str | None
    why: str


@dataclass(frozen=True, slots=True)
class LintResult:
    """What one run found."""

    files: int
    functions: int
    findings: tuple[Finding, ...]
    unknown: tuple[Unknown, ...]
    unused: tuple[Unused, ...] = ()
    suppressed: int = 0

    @property
    def shown(self) -> Findings:
        """As the formats for CI take it."""
        return Findings(self.files, self.functions, self.findings, self.unknown)
