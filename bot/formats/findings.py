"""What a check of a project's files found, before the deploy."""

from __future__ import annotations

from dataclasses import dataclass

from checks.grammar import counted
from checks.model import Action


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a step found in a file, before the deploy."""

    file: str
    """Relative to the working directory."""
    line: int
    """From 1."""
    column: int
    """From 1."""
    function: str | None
    """The template's own key or logical id; None where the cause stands once for many."""
    step: str
    """The step's slug."""
    outcome: str
    """"problem" or "notice"."""
    headline: str
    actions: tuple[Action, ...]


@dataclass(frozen=True, slots=True)
class Unknown:
    """What could not be decided, because a file leaves it to the deploy."""

    file: str
    """As a finding's, like line and function."""
    line: int
    function: str | None
    step: str | None
    """The step's slug; None where a file, or a part of it, could not be read."""
    why: str


@dataclass(frozen=True, slots=True)
class Findings:
    """All that the check of a project's files found."""

    files: int
    functions: int
    findings: tuple[Finding, ...]
    unknown: tuple[Unknown, ...] = ()

    @property
    def every(self) -> tuple[Finding | Unknown, ...]:
        """What was found, then what could not be decided."""
        return (*self.findings, *self.unknown)

    @property
    def checked(self) -> str:
        """3 functions in 1 file"""
        return f"{counted(self.functions, 'function')} in {counted(self.files, 'file')}"


FILE_READ = "file_read"
"""In place of a step, where a file could not be read."""


def rule_of(each: Finding | Unknown) -> str:
    """What it is about: the step's slug, or that a file can be read."""
    return each.step or FILE_READ


def named(each: Finding | Unknown) -> str:
    """As a sentence for people: "orders: Datadog owns the exec wrapper"."""
    what = (
        each.headline if isinstance(each, Finding) else f"Not known before the deploy: {each.why}"
    )
    return f"{each.function}: {what}" if each.function else what
