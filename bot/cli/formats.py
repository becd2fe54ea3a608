"""In which format a verb prints what it found, and what went wrong."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from enum import StrEnum
from itertools import pairwise
from typing import Annotated

import typer

from bot.errors import SlsdiagError, UsageError


class Format(StrEnum):
    """The value of `--format`."""

    TEXT = "text"
    JSON = "json"
    JUNIT = "junit"
    GITHUB = "github"


FORMATS: Mapping[str, frozenset[str]] = {
    "check": frozenset(Format),
    "scan": frozenset(Format),
    "lint": frozenset({*Format, "gitlab", "sarif"}),
}
"""What `--format` takes, by verb; for others it means something else."""
Wanted = Annotated[
    Format | None,
    typer.Option("--format", help="JUnit's XML and GitHub's annotations are for CI."),
]


def one_format(given: Format | None, **flags: bool) -> Format | None:
    """
    The format that was asked for; `flags` are the options that choose one as well, by name.

    None where such an option has one of its own, as --csv has.
    """
    chosen = [f"--{name.replace('_', '-')}" for name, on in flags.items() if on]
    if given and not (given is Format.JSON and "--json" in chosen):
        chosen.append(f"--format {given}")
    if len(chosen) > 1:
        raise UsageError(f"{chosen[0]} and {chosen[1]} were both given: leave one out.")
    if given or not chosen:
        return given or Format.TEXT
    return Format.JSON if flags.get("json") else None


def named_format(arguments: Sequence[str], verb: str) -> str:
    """The format that the words name, well-formed or not: what is wrong with them is printed in it."""
    if "--json" in arguments:
        return Format.JSON
    named = [
        value if equals else following
        for word, following in pairwise([*arguments, ""])
        for option, equals, value in [word.partition("=")]
        if option == "--format"
    ]
    known = [each for each in named if each in FORMATS.get(verb, ())]
    return known[-1] if known else Format.TEXT


def error_document(error: SlsdiagError, form: str, verb: str) -> str:
    """What went wrong, as the one document on standard output."""
    if form == Format.JSON:
        return json.dumps(error.document, ensure_ascii=False)
    from bot.formats import github, gitlab, junit, sarif  # noqa: PLC0415 - most verbs need none

    written = {
        "junit": junit.error,
        "github": github.error,
        "gitlab": gitlab.error,
        "sarif": sarif.error,
    }
    return written[form](verb, error.code, str(error))
