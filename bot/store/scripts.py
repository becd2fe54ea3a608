"""
The scripts that run in the store: the files in lua/, with the keys and arguments that they name.

The head of a file says what it needs:

    --- use: due outbox                    files whose functions it calls
    --- args: member lease:number          what its caller passes, by name

An argument is text, unless it says `:number` (None is nil), `:flag` or `:list`. `KEY` holds the
keys of keys.py. A key that does not exist, and an argument too few or too many, is an error here,
before anything is sent.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from redis import Redis

from bot.store import keys

FOLDER = files("bot.store").joinpath("lua")
Value = str | int | float | Sequence[str | int | float] | None
_HEAD = re.compile(r"^--- (use|args): (.+)$", re.MULTILINE)
_KEY = re.compile(r"\bKEY\.(\w+)")

_KEYS: Mapping[str, str | keys.Pattern] = {
    name.lower(): value
    for name, value in vars(keys).items()
    if name.isupper() and isinstance(value, str | keys.Pattern)
}

_READ_ARGUMENTS = """
local READ, arguments_read = {}, 0
function READ.text()
  arguments_read = arguments_read + 1
  return ARGV[arguments_read]
end
function READ.number() return tonumber(READ.text()) end
function READ.flag() return READ.text() == '1' end
function READ.list()
  local values = {}
  for i = 1, READ.number() do values[i] = READ.text() end
  return values
end
"""


def _text(value: Any) -> list[Any]:
    return ["" if value is None else value]


_WORDS: Mapping[str, Callable[[Any], list[Any]]] = {
    "text": _text,
    "number": _text,
    "flag": lambda value: ["1" if value else ""],
    "list": lambda values: [len(values), *values],
}
"""How each kind of argument is sent; functions of the same names read it in Lua."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file, with all that it uses."""

    text: str
    arguments: Mapping[str, str]
    """Name → kind, in order."""


class Script:
    """One script, on one client."""

    def __init__(self, redis: Redis, name: str) -> None:
        """`name` is the file's. Costs no round trip."""
        source = read(name)
        self._name, self._arguments = name, source.arguments
        self._run = redis.register_script(source.text)

    def __call__(self, **given: Value) -> Any:
        """What the script returns."""
        if given.keys() != self._arguments.keys():
            wrong = sorted(given.keys() ^ self._arguments.keys())
            raise TypeError(f"lua/{self._name}.lua: missing or unknown: {', '.join(wrong)}")
        words = (_WORDS[kind](given[name]) for name, kind in self._arguments.items())
        return self._run(args=[word for some in words for word in some])


@cache
def read(name: str) -> Source:
    """The script of that name, complete."""
    files_in_order = list(dict.fromkeys(_used_first(name)))
    bodies = "\n".join(_file(used) for used in files_in_order[:-1])
    arguments = _arguments(name)
    body = f"{bodies}\n{_reading(arguments)}\n{_file(name)}"
    return Source(_key_table(name, body) + body, arguments)


@cache
def _file(name: str) -> str:
    return FOLDER.joinpath(f"{name}.lua").read_text(encoding="utf-8")


def _head(name: str, word: str) -> list[str]:
    return [
        part for key, rest in _HEAD.findall(_file(name)) if key == word for part in rest.split()
    ]


def _used_first(name: str) -> Iterator[str]:
    """What a file uses comes before it."""
    for used in _head(name, "use"):
        yield from _used_first(used)
    yield name


def _arguments(name: str) -> dict[str, str]:
    pairs = (word.partition(":") for word in _head(name, "args"))
    return {argument: kind or "text" for argument, _, kind in pairs}


def _reading(arguments: Mapping[str, str]) -> str:
    """Locals of the arguments' names."""
    if not arguments:
        return ""
    reads = (f"local {name} = READ.{kind}()" for name, kind in arguments.items())
    return _READ_ARGUMENTS + "\n".join(reads)


def _key_table(name: str, body: str) -> str:
    """Those of the keys that the script names."""
    words = sorted(set(_KEY.findall(body)))
    if unknown := [word for word in words if word not in _KEYS]:
        raise LookupError(f"lua/{name}.lua: not in keys.py: {', '.join(unknown)}")
    entries = ", ".join(f"{word} = {_in_lua(_KEYS[word])}" for word in words)
    return f"local KEY = {{{entries}}}\n" if entries else ""


def _in_lua(key: str | keys.Pattern) -> str:
    if isinstance(key, str):
        return f"'{key}'"
    spelled = re.sub(r"\{(\w+)\}", r"' .. \1 .. '", key.text)
    return f"function({', '.join(key.parts)}) return '{spelled}' end"
