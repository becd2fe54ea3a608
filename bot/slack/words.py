"""The grammar of `/slsdiag …` and `@slsdiag …`: words → what is wanted. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.errors import UsageError
from bot.target import Target, checked_region, parse
from checks.runbook import RUNBOOK

LATER = frozenset({"triage", "status", "history", "stop", "digest", "scan", "account", "step"})
_MENTION = re.compile(r"^\s*<@[A-Z0-9]+(?:\|[^>]*)?>\s*")
_REGION_LIKE = re.compile(r"[a-z]{2}(?:-[a-z]+)+-\d")
HELP = (
    "Type /slsdiag my-function, and I look why its metrics or traces do not show in Serverless "
    "Framework Dashboard.\n"
    "• /slsdiag my-function eu-west-1: in that region\n"
    "• /slsdiag my-function:alias, or an ARN\n"
    "• /slsdiag function:NAME, where a function is called like one of my words\n"
    "• /slsdiag runbook: the steps that I try\n"
    "I only read, and change nothing in AWS."
)


@dataclass(frozen=True, slots=True)
class Say:
    """Words for the asker alone."""

    text: str


@dataclass(frozen=True, slots=True)
class Check:
    """The whole runbook for one function."""

    target: Target


Wanted = Say | Check


def wanted(text: str) -> Wanted:
    """What `text` asks for; a refusal is words too."""
    words = _MENTION.sub("", text).split()
    first = words[0].lower() if words else "help"
    if first == "help":
        return Say(HELP)
    if first == "runbook":
        return Say("\n".join(f"{step.number} {step.title}" for step in RUNBOOK))
    if first in LATER:
        return Say(
            f"{first} is not in this version yet. If you mean a function of that name, "
            f"type /slsdiag function:{first}"
        )
    try:
        return Check(_target(words))
    except UsageError as error:
        return Say(str(error))


def _target(words: list[str]) -> Target:
    account = None
    if "--account" in words:
        at = words.index("--account")
        account = words[at + 1] if at + 1 < len(words) else None
        if account is None:
            raise UsageError("--account wants a name or 12 digits after it.")
        words = [*words[:at], *words[at + 2 :]]
    region = words.pop() if len(words) == 2 and _REGION_LIKE.fullmatch(words[1]) else None  # noqa: PLR2004 - name and region
    checked_region(region)
    return parse(" ".join(words), region=region, account=account)
