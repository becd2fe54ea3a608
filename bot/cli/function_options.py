"""The options that name a function, and say what is known of it: `check` and `bundle` share them."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Annotated

import typer

from bot.errors import UsageError
from bot.target import Target, Unsure, parse
from bot.text.redaction import redacted, shown
from checks.function_ref import FunctionRef
from checks.instrumentation_errors import NONE, PASTED
from checks.model import Symptom
from checks.runbook import RUNBOOK, step_named

Named = Annotated[str, typer.Argument(help="Function name, name:qualifier, or ARN.")]
Region = Annotated[str | None, typer.Argument(help="AWS region.")]
RegionOption = Annotated[
    str | None, typer.Option("--region", help="AWS region; binding, like REGION.")
]
Account = Annotated[str | None, typer.Option(help="A configured account's name, or its 12 digits.")]
Missing = Annotated[Symptom, typer.Option(help="What is missing.")]
Org = Annotated[str | None, typer.Option(help="The org id that you expect.")]
Answers = Annotated[
    list[str] | None, typer.Option(help="SLUG=TEXT: answer what only Dashboard knows.")
]
Verbose = Annotated[
    bool, typer.Option("-v", "--verbose", help="Every check, not only what did not pass.")
]
Json = Annotated[bool, typer.Option("--json", help="One JSON document.")]


def one(region: str | None, region_option: str | None) -> str | None:
    """The region, which may be given in either place."""
    if region and region_option and region != region_option:
        two = f"{shown(region)} and {shown(region_option)}"
        raise UsageError(f"Two regions were given, {two}: leave one out.")
    return region or region_option


def named(text: str, region: str | None, account: str | None) -> Target:
    """The target; a question ends with what to type instead."""
    try:
        return parse(text, region=region, account=account)
    except Unsure as error:
        instead = "; or: ".join(map(_typed, error.candidates))
        raise UsageError(f"{error} Type: {instead}") from None


def _typed(function: FunctionRef) -> str:
    where = [*([function.region] if function.region else [])]
    where += ["--account", function.account] if function.account else []
    return shlex.join(["slsdiag", "check", function.spelled, *where])


def answers_of(given: Iterable[str]) -> Mapping[str, str]:
    """SLUG=TEXT, spelled as the step's own answers where they are known."""
    pairs = list(map(_answer, given))
    twice = next((slug for slug, n in Counter(slug for slug, _ in pairs).items() if n > 1), None)
    if twice:
        raise UsageError(f"--answer {twice} was given twice: leave one out.")
    return dict(pairs)


def _answer(given: str) -> tuple[str, str]:
    slug, equals, text = given.partition("=")
    step = step_named(slug)
    asking = ", ".join(asks.slug for asks in RUNBOOK if asks.answers)
    if not equals or not text.strip():
        raise UsageError("--answer takes SLUG=TEXT, as function_instrumented='It is on'.")
    if step is None or not step.answers:
        raise UsageError(f"--answer: only these steps ask: {asking}.")
    for answer in step.answers:
        if text.strip().rstrip("….").casefold() == answer.rstrip("…").casefold():
            return slug, answer
    if not step.answers[-1].endswith("…"):
        raise UsageError(f"--answer {slug}: the answers are {', '.join(step.answers)}.")
    if slug in PASTED and _resembles_none(text.strip()):
        raise UsageError(
            f"--answer {slug}: write '{NONE}' if there is none, or the error's whole text."
        )
    return slug, redacted(text.strip())


def _resembles_none(text: str) -> bool:
    """Too short for an error, and more like "No error" than like one."""
    close = get_close_matches(text.casefold(), [NONE.casefold()], cutoff=_CLOSE)
    return bool(close) or text.casefold() in _NO


_CLOSE = 0.7
_NO = frozenset({"no", "none", "ok", "nothing", "fine", "-"})
