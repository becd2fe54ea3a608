"""CloudFormation and SAM templates, also those that CDK writes → planned functions. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.lint import sam
from bot.lint.assembly import configured
from bot.lint.edge import edges
from bot.lint.facets import or_anything
from bot.lint.intrinsics import Template
from bot.lint.log_groups import LogGroups, Names, PlannedFilter, spelled, type_of
from bot.lint.model import Changer, Doubt, PlannedFunction, Region, Serving
from bot.lint.serving import ALIAS, CANARY, PROVISIONED
from bot.lint.tree import Node, Place
from bot.text.visible import visible
from checks.evidence import Filter

FUNCTION = "AWS::Lambda::Function"
_ALIAS, _VERSION = "AWS::Lambda::Alias", "AWS::Lambda::Version"
_HARMLESS = frozenset({sam.TRANSFORM, "AWS::LanguageExtensions", "AWS::CodeDeployBlueGreen"})
_LIBRARYS_OWN = (
    "Custom::",
    "LogRetention",
    "BucketNotificationsHandler",
    "AWS679f53fac002430cb0da5b7982bd2287",
)
"""How the construct ids begin of functions that CDK adds for its own work."""


def planned_functions(
    root: Node, region: Region | None = None, changer: Changer | None = None
) -> tuple[tuple[PlannedFunction, ...], tuple[Doubt, ...]]:
    """Of one template, and what of it is not known. `changer` may change each of them."""
    template = Template(root, region.name if region else None)
    reading = _Reading(template, region, changer)
    resources = reading.template.entries("Resources")
    functions = tuple(
        reading.function(name, node) for name, node in resources.items() if _is_function(name, node)
    )
    loops = tuple(
        Doubt(node.place, None, None, f"{visible(name)} makes resources at the deploy")
        for name, node in resources.items()
        if name.startswith("Fn::")
    )
    return functions, loops


def _is_function(name: str, node: Node) -> bool:
    path = node.get("Metadata", "aws:cdk:path")
    construct = ((path.text if path else None) or f"/{name}").split("/")[1]
    return type_of(node) in {FUNCTION, sam.FUNCTION} and not construct.startswith(_LIBRARYS_OWN)


class _Reading:
    """One template while it is read."""

    def __init__(self, template: Template, region: Region | None, changer: Changer | None) -> None:
        self.template, self.region = template, region
        self.changer = changer or _macro(template.root)
        self.forwarder = None if self.changer and self.changer.only_variables else self.changer
        self.groups = LogGroups(template, list(self._from_events()))
        self.edges = edges(template)
        self.leading = list(self._leading())

    def function(self, name: str, node: Node) -> PlannedFunction:
        """One resource."""
        properties = self._properties(node)
        names = _names(name, properties)
        named = spelled(properties.get("FunctionName")) or f"${{{name}}}"
        planned = configured(
            name,
            named,
            properties,
            node.place,
            self.changer,
        )
        groups = self.groups.names(names, properties.get("LoggingConfig", "LogGroup"))
        return replace(
            planned,
            region=self.region,
            log_class=self.groups.log_class(groups, node.place),
            filters=or_anything(self.groups.filters(groups, node.place), self.forwarder),
            edge=self._edge(names, spelled(properties.get("Role"))),
            serving=(*planned.serving, *self._serving(names, properties)),
        )

    def _properties(self, node: Node) -> Node:
        own = node.get("Properties")
        if type_of(node) == sam.FUNCTION:
            own = sam.merged(self.template.root.get("Globals", "Function"), own)
        return self.template.resolved(own) or Node({}, node.place)

    def _edge(self, names: Names, role: str | None) -> Place | None:
        return next((self.edges[name] for name in (*names, role or "") if name in self.edges), None)

    def _serving(self, names: Names, properties: Node) -> Iterator[Serving]:
        """By the function's own settings of SAM, or by other resources that lead to it."""
        own = (
            (ALIAS, "AutoPublishAlias"),
            (CANARY, "DeploymentPreference"),
            (PROVISIONED, "ProvisionedConcurrencyConfig"),
        )
        for what, key in own:
            if found := properties.get(key):
                yield Serving(what, found.place)
        yield from (serving for name, serving in self.leading if name in names)

    def _leading(self) -> Iterator[tuple[str | None, Serving]]:
        """Aliases and versions of the template, each with the function that it is of."""
        for node in self.template.entries("Resources").values():
            kind = type_of(node)
            if kind not in {_ALIAS, _VERSION}:
                continue
            properties = self.template.resolved(node.get("Properties")) or Node({}, node.place)
            name, version = (
                spelled(properties.get("FunctionName")),
                properties.get("FunctionVersion"),
            )
            if kind == _ALIAS and (version is None or version.text != "$LATEST"):
                yield name, Serving(ALIAS, node.place)
            if provisioned := properties.get("ProvisionedConcurrencyConfig"):
                yield name, Serving(PROVISIONED, provisioned.place)

    def _from_events(self) -> Iterator[PlannedFilter]:
        """SAM's CloudWatchLogs events put a filter on another function's group."""
        for name, node in self.template.entries("Resources").items():
            events = node.get("Properties", "Events") if type_of(node) == sam.FUNCTION else None
            for key, event in (events.entries if events else {}).items():
                if type_of(event) == "CloudWatchLogs":
                    group = self.template.resolved(event.get("Properties", "LogGroupName"))
                    destination = f"${{{name}.Arn}}"
                    yield PlannedFilter(spelled(group) or "", Filter(key, destination), event.place)


def _names(name: str, properties: Node) -> Names:
    """By which other resources may name the function."""
    named = spelled(properties.get("FunctionName"))
    return frozenset({f"${{{name}}}", f"${{{name}.Arn}}", *([named] if named else [])})


def _macro(root: Node) -> Changer | None:
    """A transform that is not known may change every function."""
    found = root.get("Transform")
    each: Sequence[Node] = (found.items or (found,)) if found else ()
    for node in each:
        named = node.get("Name") if node.entries else node
        name = (named.text if named else None) or "a transform"
        if name not in _HARMLESS:
            why = f"the transform {visible(name)} changes functions at the deploy"
            return Changer(why, node.place)
    return None
