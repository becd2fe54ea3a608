"""Nodes → what a function's settings may turn out to be. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import product
from typing import TypeVar

from bot.aws.evidence.variables import environment
from bot.aws.evidence.variables import size as size_of
from bot.aws.texts import identifier, value
from bot.lint.intrinsics import ACCOUNT, ANY_REGION
from bot.lint.model import Changer, Planned, Variables
from bot.lint.tree import Choice, Node, Place, options_of
from checks.evidence import Withheld
from checks.facts.limits import ENVIRONMENT
from checks.facts.sdk import WRAPPER_VARIABLE

T = TypeVar("T")
PRELOADS = "NODE_OPTIONS"
USUAL_LENGTH = 256
"""Bytes that a variable takes at most whose value only the deploy knows: names, ARNs, addresses."""
_MOST_OPTIONS = 16
_OWNER = re.compile(r"\d{12}")
_UNFIT = re.compile(r"[^\w-]+")
_UNNAMED = "a layer"
_LAYER_PARTS = 7


def planned_text(node: Node | None, place: Place) -> Planned[str | None]:
    """A setting that is one text; `place` is where it would stand."""
    if node is None:
        return Planned((None,), place)
    texts: list[str | None] = []
    why = getattr(node.value, "why", None)
    open_ = False
    for option in options_of(node):
        if option is not None and option.text is None and option.value is not None:
            open_ = True
            why = why or "the file does not say its value"
        else:
            texts.append(value(option.text) if option is not None and option.text else None)
    return Planned(tuple(dict.fromkeys(texts)), node.place, why, open_)


def planned_layers(node: Node | None, place: Place) -> Planned[tuple[str, ...]]:
    """The layers' ARNs. One that only the deploy knows takes its slot all the same."""
    if node is None:
        return Planned(((),), place)
    options: list[tuple[str, ...]] = []
    why, open_ = getattr(node.value, "why", None), False
    for option in options_of(node):
        if option is None or option.value is None:
            options.append(())
        elif isinstance(option.value, tuple):
            why = why or _reason([item for item in option.items if isinstance(item.value, Choice)])
            options += _slots(option.items)
        else:
            open_ = True
            why = why or "the file does not say its value"
    many = len(set(options)) > 1 or open_
    return Planned(tuple(dict.fromkeys(options)), node.place, why if many else None, open_)


def _reason(items: Sequence[Node]) -> str | None:
    return next((why for item in items if (why := getattr(item.value, "why", None))), None)


def _slots(items: Sequence[Node]) -> list[tuple[str, ...]]:
    """One list for each way in which conditions may come out."""
    choices = [[_layer(option) for option in options_of(item)] for item in items]
    combined = product(*choices)
    return [
        tuple(arn for arn in arns if arn)
        for arns, _ in zip(combined, range(_MOST_OPTIONS), strict=False)
    ]


def _layer(node: Node | None) -> str | None:
    if node is None:
        return None
    unknown = node.unknown
    return layer_arn(node.text or (unknown.text if unknown else None) or _UNNAMED)


def layer_arn(text: str) -> str:
    """As an ARN of which owner and name are right, as far as they are known."""
    parts = identifier(text).split(":")
    named = len(parts) >= _LAYER_PARTS and parts[5] == "layer"
    owner = parts[4] if named and _OWNER.fullmatch(parts[4]) else ACCOUNT
    name = _UNFIT.sub("-", parts[6] if named else text).strip("-") or "layer"
    return f"arn:aws:lambda:{ANY_REGION}:{owner}:layer:{name}:1"


def or_anything(planned: Planned[T], changer: Changer | None) -> Planned[T]:
    """What may still be changed may be anything."""
    if changer is None:
        return planned
    return replace(planned, changer=changer)


def planned_variables(node: Node | None, place: Place, changer: Changer | None = None) -> Variables:
    """What a mapping of names and values comes to; `changer` may add others."""
    if node is None or node.value is None:
        node = Node({}, place)
    options = [Node({}, place) if _nothing(o) else o for o in options_of(node)]
    mappings = [o for o in options if o is not None and isinstance(o.value, dict)]
    why = getattr(node.value, "why", None)
    open_ = len(mappings) < len(options)
    first = mappings[0] if mappings else Node({}, node.place)
    return Variables(
        node.place,
        or_anything(_variable(WRAPPER_VARIABLE, mappings, node.place, why, open_=open_), changer),
        or_anything(_variable(PRELOADS, mappings, node.place, why, open_=open_), changer),
        {identifier(name): Withheld(empty=each.text == "") for name, each in first.entries.items()},
        or_anything(_sizes(mappings, node.place, why, open_=open_), changer),
    )


def _nothing(node: Node | None) -> bool:
    """Also "", by which a service says that it has none for a stage."""
    return node is None or node.value is None or node.value == ""


def _variable(
    name: str, mappings: Sequence[Node], place: Place, why: str | None, *, open_: bool
) -> Planned[str | None]:
    each = [planned_text_of_variable(name, node.entries.get(name), place) for node in mappings]
    options = dict.fromkeys(option for planned in each for option in planned.options)
    stands = next((p.place for p in each if p.place != place), place)
    reason = next((p.why for p in each if p.why), why)
    opened = open_ or any(planned.open for planned in each)
    return Planned(tuple(options) or (None,), stands, reason, opened)


def planned_text_of_variable(name: str, node: Node | None, place: Place) -> Planned[str | None]:
    """Of a variable whose value may be shown, by the rules of the door of AWS."""
    planned = planned_text(node, place)
    texts = (o.text if o else None for o in options_of(node))
    shown = dict.fromkeys(_shown(name, text) for text in texts)
    return Planned(tuple(shown), planned.place, planned.why, planned.open)


def _shown(name: str, text: str | None) -> str | None:
    if text is None:
        return None
    safe = environment({"Variables": {name: text}})
    found = safe[0].get(name) if isinstance(safe, tuple) else None
    return found if isinstance(found, str) else None


def _sizes(mappings: Sequence[Node], place: Place, why: str | None, *, open_: bool) -> Planned[int]:
    """At least and at most."""
    low, high, reason = ENVIRONMENT.value, 0, why
    for mapping in mappings or (Node({}, place),):
        least, most = _least_and_most(mapping)
        low, high = min(low, least) if mappings else 0, max(high, most)
        reason = reason or _reason(tuple(mapping.entries.values()))
    if open_:
        high += ENVIRONMENT.value
    return Planned((low,) if low == high else (low, high), place, reason if low != high else None)


def _least_and_most(mapping: Node) -> tuple[int, int]:
    shortest: dict[str, str] = {}
    more = 0
    for name, node in mapping.entries.items():
        texts = list(_texts(node))
        known = [text for text in texts if text is not None]
        shortest[name] = min(known, key=len, default="") if None not in texts else ""
        longest = max(map(len, known), default=0)
        more += max(longest, USUAL_LENGTH if None in texts else 0) - len(shortest[name])
    least = size_of(shortest)
    return least, least + more


def _texts(node: Node) -> Iterator[str | None]:
    """None: not known."""
    for option in options_of(node):
        if option is None or option.value is None:
            yield ""
        else:
            yield option.text
