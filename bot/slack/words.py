"""The grammar of `/slsdiag …` and `@slsdiag …`: words → what is wanted. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.digest import words as digest
from bot.errors import UsageError
from bot.finding.named import sure
from bot.secrecy import looks_secret
from bot.target import Target, Unsure, checked_prefix, checked_region, near, parse, shown
from checks.runbook import RUNBOOK, step_named

_MENTION = re.compile(r"^\s*<@[A-Z0-9]+(?:\|[^>]*)?>\s*")
_PART = re.compile(r"[A-Za-z0-9]{2,30}")
_PLAIN = re.compile(r"[\w:.-]{1,140}", re.ASCII)
VERBS = ("triage", "step", "history", "stop", "scan", "digest")
"""Those that take more words."""
ALONE = frozenset({"runbook", "account", "status", "doctor"})
"""Those that take none."""
OPTIONS = (
    "Write the region after the name, as in /slsdiag my-function eu-west-1; "
    "--account NAME names another account."
)
_REGION_LIKE = re.compile(r"[a-z]{2}(?:-[a-z]+)+-\d")
HELP = (
    "Type /slsdiag my-function, and I look why its metrics or traces do not show in Serverless "
    "Framework Dashboard.\n"
    "• /slsdiag my-function eu-west-1: in that region; add --account NAME for another account\n"
    "• /slsdiag my-function:alias, or an ARN\n"
    "• /slsdiag function:NAME, where a function is called like one of my words\n"
    "• /slsdiag triage my-function: I guide you through, wait with you, and come back\n"
    "• /slsdiag status, history, stop: open triages and waits; past reports; end one\n"
    "• /slsdiag scan, or scan PREFIX: which of all functions are blind, by cause\n"
    "• /slsdiag digest daily 09:00 Europe/Berlin, weekly mon 09:00, every 6h: what changed, in "
    "this channel; digest list, now, stop ID\n"
    "• /slsdiag step SLUG my-function: one check only\n"
    "• /slsdiag runbook: the steps that I try, with their slugs\n"
    "• /slsdiag account: the AWS accounts that this channel may see\n"
    "• /slsdiag doctor: whether I am well myself\n"
    "In a thread, mention me instead: @slsdiag my-function\n"
    "I only read, and change nothing in AWS."
)


@dataclass(frozen=True, slots=True)
class Say:
    """Words for the asker alone; `choices` are commands that may have been meant."""

    text: str
    choices: tuple[str, ...] = ()
    sought: str | None = None
    """Words that are no name, but may be parts of one."""


@dataclass(frozen=True, slots=True)
class Check:
    """The whole runbook for one function, or `only` the step of that slug."""

    target: Target
    only: str | None = None
    guide: bool = False


@dataclass(frozen=True, slots=True)
class Accounts:
    """What this channel may see."""


@dataclass(frozen=True, slots=True)
class Status:
    """What is open in this channel."""


@dataclass(frozen=True, slots=True)
class History:
    """The channel's past reports, of one function or of all."""

    target: Target | None = None


@dataclass(frozen=True, slots=True)
class Stop:
    """End the channel's open triage, or that of one function."""

    target: Target | None = None


@dataclass(frozen=True, slots=True)
class Doctor:
    """Is the bot itself well?"""


@dataclass(frozen=True, slots=True)
class ScanWanted:
    """All functions that the channel may see, or those whose names begin so."""

    prefix: str = ""


Wanted = (
    Say | Check | Accounts | Status | History | Stop | ScanWanted | Doctor | digest.DigestWanted
)


def spoken(text: str) -> list[str]:
    """The words of `text`, without a mention of the bot before them."""
    return _MENTION.sub("", text).split()


def wanted(text: str) -> Wanted:
    """What `text` asks for; a refusal is words too."""
    words = spoken(text)
    first = words[0].lower() if words else "help"
    if first == "help":
        return Say(HELP)
    if first in ALONE and len(words) > 1:
        told = f"{first} takes no more words; function:{first} is the function of that name."
        return Say(told, (first,))
    if first == "runbook":
        return Say("\n".join(f"{each.number} {each.slug}: {each.title}" for each in RUNBOOK))
    if first in {"account", "status"}:
        return Accounts() if first == "account" else Status()
    if first == "doctor":
        return Doctor()
    try:
        return _word(first, words[1:]) or Check(_target(words))
    except Unsure as error:
        return Say(str(error), tuple(f"function:{each}" for each in error.candidates))
    except digest.Refused as error:
        return Say(str(error), error.commands)
    except UsageError as error:
        if slip := _slip(words):
            return slip
        if named := _told_of(text, words):
            return Say("Which function shall I look at?", named)
        return Say(str(error), sought=" ".join(words) if _half_remembered(words) else None)


def _slip(words: list[str]) -> Say | None:
    """A word of ours that was mistyped, or an option that only the command line takes."""
    if looks_secret(" ".join(words)) or not all(map(_PLAIN.fullmatch, words)):
        return None
    option = next((each for each in words if each.startswith("-") and each != "--account"), None)
    if option:
        return Say(f"{shown(option)} is not known here. {OPTIONS}")
    first = words[0].lower()
    meant = near(first, VERBS) if len(words) > 1 else ()
    if not meant or first in VERBS:
        return None
    asked = f"There is no command {shown(words[0])}. Did you mean {meant[0]}?"
    return Say(asked, (" ".join((meant[0], *words[1:])),))


def _told_of(text: str, words: list[str]) -> tuple[str, ...]:
    """Commands for what a pasted alarm or a sentence names for sure; none for a refused target."""
    pasted = len(words) > 3 and "--account" not in words and not looks_secret(text)  # noqa: PLR2004 - more than a target has
    return tuple(hint.command for hint in sure(text)) if pasted else ()


def _half_remembered(words: list[str]) -> bool:
    """Two to four plain words, which a name may be made of."""
    plain = all(_PART.fullmatch(word) and not looks_secret(word) for word in words)
    return plain and 2 <= len(words) <= 4  # noqa: PLR2004 - as said above


def _word(first: str, rest: list[str]) -> Wanted | None:
    match first:
        case "step":
            return _step(rest)
        case "scan":
            return _scan(rest)
        case "digest":
            return digest.parse(rest)
        case "triage" if not rest:
            return Say("Say which function, as in /slsdiag triage my-function")
        case "triage":
            return Check(_target(rest), guide=True)
        case "history":
            return History(_target(rest) if rest else None)
        case "stop":
            return Stop(_target(rest) if rest else None)
    return None


def _scan(words: list[str]) -> Wanted:
    if len(words) > 1:
        return Say("A scan takes one beginning of names, as in /slsdiag scan shop-")
    return ScanWanted(checked_prefix(words[0] if words else ""))


def _step(words: list[str]) -> Wanted:
    if len(words) < 2:  # noqa: PLR2004 - a slug and a target
        return Say("Say which step and which function, as in /slsdiag step wrapper_set my-function")
    slug = words[0].lower()
    if step_named(slug):
        return Check(_target(words[1:]), slug)
    meant = near(slug, [each.slug for each in RUNBOOK])
    ask = f" Did you mean {' or '.join(meant)}?" if meant else " /slsdiag runbook lists them."
    rest = _target(words[1:]).spelled
    return Say(f"There is no step {shown(slug)}.{ask}", tuple(f"step {m} {rest}" for m in meant))


def _target(words: list[str]) -> Target:
    account = None
    if "--account" in words:
        at = words.index("--account")
        account = words[at + 1] if at + 1 < len(words) else None
        if account is None:
            raise UsageError("--account wants a name or 12 digits after it.")
        words = [*words[:at], *words[at + 2 :]]
    region = words.pop() if len(words) == 2 and _REGION_LIKE.fullmatch(words[1].lower()) else None  # noqa: PLR2004 - name and region
    checked_region(region)
    return parse(" ".join(words), region=region, account=account)
