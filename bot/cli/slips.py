"""Typing slips on the command line: a first word that is no verb, dashes, names of settings. Pure."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping, Sequence

from bot.errors import UsageError
from bot.settings import NAMES, PREFIX
from bot.text.fuzzy import closest
from bot.text.redaction import shown
from bot.text.visible import either

DEVELOPMENT = frozenset({"BROWSER", "FAKETIME", "HELM", "PICTURES", "TOOLS", "WITNESSES", "WORLDS"})
"""Ends of SLSDIAG_ variables that only slsdiag's own tests read."""
OF_ONE_VERB = frozenset({"MCP_CALLS", "MCP_TOKEN"})
"""Ends of settings that `slsdiag mcp` alone reads, and no bot."""
_ABOUT_A_FUNCTION = frozenset({"diagnose", "debug", "triage", "step", "look", "inspect"})
"""Words that people put before a function's name, and Slack's verbs for one."""
_OPTIONS = {"help": "--help", "version": "--version"}
_IN_SLACK = frozenset({"status", "history", "stop", "digest", "account"})
"""Verbs that only the bot has."""


def unknown_verb(arguments: Sequence[str], verbs: Sequence[str]) -> UsageError | None:
    """What to type instead, where the first word is none of `verbs`."""
    at = next((n for n, argument in enumerate(arguments) if not argument.startswith("-")), None)
    if at is None or arguments[at] in verbs:
        return None
    from bot.target import refuse_secret  # noqa: PLC0415 - brings the runbook

    word, rest = arguments[at], arguments[at + 1 :]
    refuse_secret(" ".join(arguments))
    option = _OPTIONS.get(word.lower())
    meant = [[*rest, option]] if option else []
    meant += [["check", *rest]] if word.lower() in _ABOUT_A_FUNCTION and rest else []
    meant += [[verb, *rest] for verb in closest(word, verbs, 1) if word.isalpha()]
    if ["check", *rest] not in meant or not rest:
        meant.append(["check", word, *rest])
    spelled = [shlex.join(["slsdiag", *command]) for command in meant]
    why = f"There is no command {shown(word)}"
    why += f" here: in Slack it is /slsdiag {word}" if word in _IN_SLACK else ""
    return UsageError(f"{why}. Did you mean: {either(spelled)}?")


def dashes(arguments: Sequence[str]) -> UsageError | None:
    """Of an option that begins with a dash, as keyboards make one of two hyphens."""
    if all(map(str.isascii, arguments)):
        return None
    from bot.target.refusals import dashed_option, of_dash  # noqa: PLC0415 - brings the runbook

    for argument in arguments:
        if repaired := dashed_option(argument):
            return UsageError(of_dash(argument, repaired.split()[0]))
    return None


def unknown_settings(environment: Mapping[str, str]) -> Iterator[str]:
    """A sentence for each variable with our prefix that nothing reads."""
    for name in sorted(environment):
        rest = name.removeprefix(PREFIX)
        if rest != name and rest not in NAMES | OF_ONE_VERB | DEVELOPMENT:
            close = closest(rest, NAMES | OF_ONE_VERB, 1)
            asks = f" Did you mean {PREFIX}{close[0]}?" if close else ""
            yield f"{shown(name)} is set, but there is no such setting.{asks}"
