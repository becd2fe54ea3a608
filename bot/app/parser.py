"""The grammar of `/slsdiag …` and `@slsdiag …`: words → what is wanted, and the role it takes. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from bot.app.slips import transposed
from bot.digest import parser as digest
from bot.errors import Refused, UsageError
from bot.regions import partition_of
from bot.serving_settings import Role
from bot.target import Target, Unsure, checked_prefix, closest, command, parse, refuse_secret, shown
from bot.text.visible import either
from bot.watch import parser as watch
from checks.runbook import RUNBOOK, step_named

_MENTION = re.compile(r"^\s*<@[A-Z0-9]+(?:\|[^>]*)?>\s*")
_PLAIN = re.compile(r"[\w:.-]{1,140}", re.ASCII)
VERBS = ("triage", "step", "history", "stop", "scan", "digest", "watch")
"""Those that take more words."""
HELP = (
    "Type /slsdiag my-function to find out why its metrics or traces do not show up in Serverless "
    "Framework Dashboard.\n"
    "• /slsdiag my-function eu-west-1: in that region; add --account NAME for another account\n"
    "• /slsdiag my-function:alias, or an ARN. A link, a log group or an alarm works, too: I ask "
    "before I check\n"
    "• /slsdiag function:NAME, for a function that has the name of one of these commands\n"
    "• /slsdiag triage my-function: I guide you through the checks, and wait with you\n"
    "• /slsdiag status, history, stop: open triages and waits; past reports; end one\n"
    "• /slsdiag scan, or scan PREFIX: all functions that do not report, by cause\n"
    "• /slsdiag digest daily 09:00 Europe/Berlin, weekly mon 09:00, every 6h: what changed, in "
    "this channel; digest list, now, stop ID\n"
    "• /slsdiag watch on, or watch on PREFIX: I speak in this channel when a deployment breaks "
    "something; watch off, status\n"
    "• /slsdiag step SLUG my-function: one check only\n"
    "• /slsdiag runbook: the checks in their order, with their slugs\n"
    "• /slsdiag account: the AWS accounts that this channel may see\n"
    "• /slsdiag doctor: whether slsdiag itself is healthy\n"
    "In a thread, mention me instead: @slsdiag my-function\n"
    "I only read, and change nothing in AWS; I take events off my own queue, where there is one."
)


@dataclass(frozen=True, slots=True)
class Say:
    """Words for who typed alone; `choices` are commands that may have been meant."""

    text: str
    choices: tuple[str, ...] = ()
    sought: str | None = None
    """Words that are no name, but may hold one, or be parts of one."""


@dataclass(frozen=True, slots=True)
class Check:
    """The whole runbook for one function, or `only` the step of that slug."""

    target: Target
    only: str | None = None
    guide: bool = False


@dataclass(frozen=True, slots=True)
class ListAccounts:
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
    """Whether the bot itself is healthy."""


@dataclass(frozen=True, slots=True)
class ScanWanted:
    """All functions that the channel may see, or those whose names begin so."""

    prefix: str = ""


Command = Check | ListAccounts | Status | History | Stop | ScanWanted | Doctor
Wanted = Say | Command | digest.DigestWanted | watch.WatchWanted


ALONE: Mapping[str, Wanted] = {
    "runbook": Say("\n".join(f"{step.number} {step.slug}: {step.title}" for step in RUNBOOK)),
    "account": ListAccounts(),
    "status": Status(),
    "doctor": Doctor(),
}
"""Those that take no more words."""
_NEEDS = {
    **dict.fromkeys(("help", "runbook", "account", "status", "history"), Role.VIEWER),
    "doctor": Role.ADMIN,
}
"""What it takes to type them, where it is not a runner."""
_DIGESTS = {"list": Role.VIEWER, "now": Role.RUNNER}
"""All else that can be said of a digest sets one up or ends it."""


def to_type(words: list[str]) -> Role:
    """What it takes to type these words; what is not in the table checks something."""
    first = words[0].lower() if words else "help"
    if first == "digest":
        return _DIGESTS.get(words[1].lower(), Role.ADMIN) if len(words) > 1 else Role.VIEWER
    if first == "watch":
        return watch.role_of(words[1:])
    return _NEEDS.get(first, Role.RUNNER)


def only_checks(words: list[str]) -> bool:
    """Whether the words ask for a check, and do nothing to what is there."""
    return bool(words) and words[0].lower() not in {"stop", "digest", "watch"}


def spoken(text: str) -> list[str]:
    """The words of `text`, without a mention of the bot before them."""
    return _MENTION.sub("", text).split()


def wanted(text: str) -> Wanted:
    """What `text` requests; a refusal is words too."""
    bare = _MENTION.sub("", text)
    try:
        refuse_secret(bare)
    except UsageError as error:
        return Say(str(error))
    return _wanted(bare, bare.split())


def _wanted(text: str, words: list[str]) -> Wanted:
    first = words[0].lower() if words else "help"
    if first == "help":
        return Say(HELP)
    if first in ALONE and len(words) > 1:
        alone = f"{first} stands alone. To check a function of that name: function:{first}"
        return Say(alone, (first,))
    if first in ALONE:
        return ALONE[first]
    try:
        return _word(first, words[1:]) or _transposed(words) or Check(parse(text))
    except Refused as error:
        return Say(str(error), error.commands)
    except Unsure as error:
        meant = tuple(map(command, error.candidates))
        return _slip(words) or Say(str(error), meant, sought=_sought(words))
    except UsageError as error:
        return _slip(words) or Say(str(error), sought=_sought(words))


def _slip(words: list[str]) -> Say | None:
    """A word of ours that was mistyped, before words that it can take."""
    first = words[0].lower()
    if len(words) == 1 or first in VERBS or not all(map(_PLAIN.fullmatch, words)):
        return None
    for verb in closest(first, VERBS, 1) if first.isalpha() else ():
        try:
            meant = _word(verb, words[1:])
        except UsageError:
            return None
        if not isinstance(meant, Say):
            question = f"There is no command {shown(words[0])}. Did you mean {verb}?"
            return Say(question, (" ".join((verb, *words[1:])),))
    return None


def _transposed(words: list[str]) -> Say | None:
    """One word that is a slip away from one of ours, and may be a function's name all the same."""
    verb = transposed(words, ("help", *ALONE, *VERBS))
    if verb is None:
        return None
    question = f"Did you mean the command {verb}, or a function called {shown(words[0])}?"
    return Say(question, (verb, f"function:{words[0]}"))


def _sought(words: list[str]) -> str | None:
    """Several words, in which a name may be, or of which it may be made."""
    return " ".join(words) if len(words) > 1 else None


def _word(first: str, rest: list[str]) -> Wanted | None:
    match first:
        case "step":
            return _step(rest)
        case "scan":
            return _scan(rest)
        case "digest":
            return digest.parse(rest)
        case "watch":
            return watch.parse(rest)
        case "triage" if not rest:
            return Say("Say which function, as in /slsdiag triage my-function")
        case "triage":
            return Check(_target("triage", rest), guide=True)
        case "history":
            return History(_target("history", rest) if rest else None)
        case "stop":
            return Stop(_target("stop", rest) if rest else None)
    return None


def _scan(words: list[str]) -> Wanted:
    if len(words) > 1:
        return Say("A scan takes one beginning of names, as in /slsdiag scan shop-")
    if words and partition_of(words[0]):
        where = f"{words[0]} is a region. A scan covers all regions of the settings: /slsdiag scan"
        return Say(f"{where}, or scan shop- for names that begin so.", ("scan",))
    return ScanWanted(checked_prefix(words[0] if words else ""))


def _step(words: list[str]) -> Wanted:
    if len(words) < 2:  # noqa: PLR2004 - a slug and a target
        return Say("Say which step and which function, as in /slsdiag step wrapper_set my-function")
    slug = words[0].lower()
    if step_named(slug):
        return Check(_target(f"step {slug}", words[1:]), slug)
    meant = closest(slug, [step.slug for step in RUNBOOK])
    ask = f" Did you mean {either(meant)}?" if meant else " /slsdiag runbook lists them."
    rest = command(_target("step", words[1:]))
    return Say(f"There is no step {shown(slug)}.{ask}", tuple(f"step {m} {rest}" for m in meant))


def _target(verb: str, words: list[str]) -> Target:
    """The target behind `verb`, which stands before whatever is offered instead, too."""
    try:
        return parse(" ".join(words))
    except Unsure as error:
        meant = tuple(f"{verb} {command(candidate)}" for candidate in error.candidates)
        raise Refused(str(error), meant) from None
