"""
A function's environment variables, at the door: secrets stop here.

Only what `READABLE` names leaves AWS with its value; of every other variable its name and
whether it was empty. What they take up together is computed here, where the values still are.
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping
from typing import Any

from bot.aws.texts import code, org_id, value
from bot.text.redaction import redacted
from checks.evidence import Environment, Missing, Withheld
from checks.facts.denials import DeniedBy

READABLE = frozenset(
    {
        "AWS_LAMBDA_EXEC_WRAPPER",
        "SLS_ORG_ID",
        "SLS_DEV_MODE_ORG_ID",
        "SLS_SDK_DEBUG",
    }
)
_ORG_IDS = frozenset({"SLS_ORG_ID", "SLS_DEV_MODE_ORG_ID"})
READABLE_PREFIX = "SLS_DISABLE_"
_PRELOADS = ("-r", "--require", "--import")


def environment(answer: Mapping[str, Any]) -> tuple[Environment, int] | Missing:
    """Lambda's `Environment` → the variables and their size; Missing where it hides them."""
    if answer.get("Error"):
        return _hidden(answer["Error"])
    variables = answer.get("Variables") or {}
    return {name: _readable(name, text) for name, text in variables.items()}, size(variables)


def size(variables: Mapping[str, str]) -> int:
    """Bytes as compact JSON, names included: what Lambda's 4 KB are measured by."""
    compact = json.dumps(variables, separators=(",", ":"), ensure_ascii=False)
    return len(compact.encode(errors="surrogatepass"))


def _hidden(error: Mapping[str, Any]) -> Missing:
    """What Lambda could not decrypt for us is unreadable, not absent."""
    return Missing(
        "they are encrypted with a KMS key that slsdiag may not use "
        f"({code(error.get('ErrorCode'))}).",
        "kms:Decrypt",
        DeniedBy.KMS_KEY,
    )


def _readable(name: str, text: str) -> str | Withheld:
    if name in _ORG_IDS:
        return org_id(text)
    if name in READABLE or name.startswith(READABLE_PREFIX):
        return value(text)
    if name == "NODE_OPTIONS":
        return value(preloads(redacted(text)))
    return Withheld(empty=not text)


def preloads(options: str) -> str:
    """Of NODE_OPTIONS only the paths of -r, --require and --import."""
    try:
        words = shlex.split(options)
    except ValueError:
        words = options.split()
    preloaded: list[str] = []
    for word, following in zip(words, [*words[1:], ""], strict=True):
        flag, equals, path = word.partition("=")
        if flag in _PRELOADS:
            preloaded += [flag, _path(path if equals else following)]
    return " ".join(preloaded)


def _path(text: str) -> str:
    """An imported data: URL is code, not a path."""
    return "data:" if text.startswith("data:") else text
