"""The log groups of a template, their classes and subscription filters, found by name. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from bot.aws.texts import identifier, value
from bot.lint.facets import planned_text
from bot.lint.intrinsics import Template
from bot.lint.model import Planned
from bot.lint.tree import Node, Place
from checks.evidence import Filter
from checks.facts.log_classes import STANDARD

GROUP = "AWS::Logs::LogGroup"
FILTER = "AWS::Logs::SubscriptionFilter"
Names = frozenset[str]


@dataclass(frozen=True, slots=True)
class PlannedFilter:
    """A subscription filter, and whether a condition decides that it exists."""

    group: str
    filter_: Filter
    place: Place
    condition: str | None = None


def default_group(name: str) -> str:
    """Where Lambda logs to when nothing else is said."""
    return f"/aws/lambda/{name}"


def spelled(node: Node | None) -> str | None:
    """A name, with placeholders for what only the deploy knows."""
    if node is None:
        return None
    return node.unknown.text if node.unknown else node.text


def type_of(node: Node) -> str | None:
    """A resource's type."""
    kind = node.get("Type")
    return kind.text if kind else None


class LogGroups:
    """Of one template; `more` are filters that are not resources of it."""

    def __init__(self, template: Template, more: Sequence[PlannedFilter] = ()) -> None:
        """All names by which a group or its filters may be referred to are kept together."""
        self._groups: list[tuple[Names, Node]] = []
        self._filters: list[PlannedFilter] = [*more]
        for name, node in template.entries("Resources").items():
            if type_of(node) not in {GROUP, FILTER}:
                continue
            properties = template.resolved(node.get("Properties")) or Node({}, node.place)
            if type_of(node) == GROUP:
                names = {f"${{{name}}}", spelled(properties.get("LogGroupName"))} - {None}
                self._groups.append((frozenset(filter(None, names)), properties))
            else:
                self._filters.append(_filter(name, node, properties))

    def names(self, function_names: Names, named: Node | None) -> Names:
        """Under which the function's own group is known."""
        own = spelled(named) if named else None
        wanted = {own} if own else {default_group(name) for name in function_names}
        for names, _ in self._groups:
            wanted |= names if names & wanted else frozenset()
        return frozenset(name for name in wanted if name)

    def log_class(self, names: Names, place: Place) -> Planned[str]:
        """The class of the function's own group; STANDARD where the template makes none."""
        for group, properties in self._groups:
            node = properties.get("LogGroupClass")
            if group & names and node is not None:
                return planned_text(node, place).map(lambda text: (text or STANDARD).upper())
        return Planned((STANDARD,), place)

    def filters(self, names: Names, place: Place) -> Planned[tuple[Filter, ...]]:
        """Those on the function's own group, at the place of the last one."""
        return planned_filters([each for each in self._filters if each.group in names], place)


def planned_filters(found: Sequence[PlannedFilter], place: Place) -> Planned[tuple[Filter, ...]]:
    """Those that stand under a condition may or may not be there."""
    certain = tuple(each.filter_ for each in found if each.condition is None)
    unsure = tuple((each.filter_,) for each in found if each.condition is not None)
    options = tuple(accumulate(unsure, lambda had, more: had + more, initial=certain))
    why = next((each.condition for each in found if each.condition), None)
    where = max((each.place for each in found), default=place)
    return Planned(options, where, f"it depends on the condition {why}" if why else None)


def _filter(name: str, node: Node, properties: Node) -> PlannedFilter:
    condition = node.get("Condition")
    named = properties.get("FilterName")
    filter_ = Filter(
        identifier((named.text if named else None) or name),
        identifier(spelled(properties.get("DestinationArn")) or ""),
        value(spelled(properties.get("FilterPattern")) or ""),
    )
    group = spelled(properties.get("LogGroupName")) or ""
    return PlannedFilter(group, filter_, node.place, condition.text if condition else None)
