"""
A serverless.yml → the CloudFormation template that the framework would write, as far as lint needs it. Pure.

Each value keeps the place where the service says it. What `resources` says of a function comes
last and replaces lists as a whole (tried with osls 4.3 and Serverless Framework 3.40).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from bot.lint.framework import Framework
from bot.lint.log_groups import FILTER, GROUP, default_group
from bot.lint.tree import Node, Place

Change = Callable[[Node, Node], Node]
"""What a plugin does to a function: (the service's function, its properties) → its properties."""
FORWARDERS = "SubscriptionFilters"
"""No property of CloudFormation's: names of filters that plugins put on the function's log group."""
_DEPTH = 6
_FUNCTION = "AWS::Lambda::Function"


@dataclass
class Compiled:
    """The template, and by which keys the service knows its functions."""

    template: Node
    keys: Mapping[str, str]
    """By logical id."""
    sources: Mapping[str, Node] = field(default_factory=dict)
    """The service's own function, by logical id."""


def logical_id(key: str) -> str:
    """my-fn_one → MyDashfnUnderscoreoneLambdaFunction"""
    name = key.replace("-", "Dash").replace("_", "Underscore")
    return f"{name[:1].upper()}{name[1:]}LambdaFunction"


def compiled(
    root: Node, stage: str, framework: Framework | None, changes: Sequence[Change] = ()
) -> Compiled:
    """`root` is the service without references."""
    service = _Service(root, stage, framework, changes)
    functions = {logical_id(key): (key, node) for key, node in _mapping(root.get("functions"))}
    resources = dict(service.resources(functions))
    own = _united(_each(root.get("resources")))
    extended = own.get("extensions") or Node({}, root.place)
    added = own.get("Resources") or Node({}, root.place)
    for more in (added, extended):
        for name, node in more.entries.items():
            resources[name] = _laid_over(resources.get(name), node)
    template = {**own.entries, "Resources": Node(resources, root.place)}
    return Compiled(
        Node(template, root.place),
        {name: key for name, (key, _) in functions.items()},
        {name: node for name, (_, node) in functions.items()},
    )


def _each(node: Node | None) -> tuple[Node, ...]:
    """`functions` and `resources` may be lists of mappings."""
    return (node.items or (node,)) if node else ()


def _mapping(node: Node | None) -> Iterator[tuple[str, Node]]:
    for each in _each(node):
        yield from each.entries.items()


def _united(nodes: Sequence[Node]) -> Node:
    united = Node({}, nodes[0].place) if nodes else Node({}, Place("", 1, 1))
    for node in nodes:
        united = _laid_over(united, node)
    return united


def _laid_over(below: Node | None, over: Node, depth: int = 0) -> Node:
    """Not endlessly: a setting of a resource lies five deep at most, in Environment.Variables."""
    if (
        below is None
        or below is over
        or depth > _DEPTH
        or not (isinstance(below.value, dict) and isinstance(over.value, dict))
    ):
        return over
    keys = dict.fromkeys((*below.value, *over.value))
    each = {
        key: _laid_over(below.value.get(key), over.value[key], depth + 1)
        if key in over.value
        else below.value[key]
        for key in keys
    }
    return Node(each, below.place)


class _Service:
    """One service while it is compiled."""

    def __init__(
        self, root: Node, stage: str, framework: Framework | None, changes: Sequence[Change]
    ) -> None:
        self.root, self.stage, self.framework, self.changes = root, stage, framework, changes
        self.provider = root.get("provider") or Node({}, root.place)

    def resources(self, functions: Mapping[str, tuple[str, Node]]) -> Iterator[tuple[str, Node]]:
        """Of all functions."""
        for name, (key, function) in functions.items():
            properties = self._properties(key, function)
            for change in self.changes:
                properties = change(function, properties)
            yield name, _resource(_FUNCTION, properties, function.place)
            yield from self._beside(name, function, properties)

    def _properties(self, key: str, function: Node) -> Node:
        image = function.get("image")
        found = {
            "FunctionName": function.get("name") or Node(self._name(key), function.place),
            "Runtime": self._runtime(function),
            "Handler": function.get("handler"),
            "Layers": function.get("layers") or self.provider.get("layers"),
            "Environment": self._environment(function),
            "ImageUri": image,
            "LoggingConfig": self._logging(function),
            "SnapStart": _snap_start(function.get("snapStart")),
            "DurableConfig": function.get("durableConfig"),
            "CapacityProviderConfig": function.get("capacityProvider"),
            "Role": function.get("role"),
        }
        return Node({key: node for key, node in found.items() if node}, function.place)

    def _name(self, key: str) -> str:
        service = self.root.get("service")
        named = service.get("name") if service and service.entries else service
        return f"{(named.text if named else None) or 'service'}-{self.stage}-{key}"

    def _runtime(self, function: Node) -> Node | None:
        own = function.get("runtime") or self.provider.get("runtime")
        if own is None and self.framework:
            return Node(self.framework.value, function.place)
        return own

    def _environment(self, function: Node) -> Node | None:
        shared, own = self.provider.get("environment"), function.get("environment")
        if shared is None or own is None:
            both = own or shared
        elif isinstance(shared.value, dict) and isinstance(own.value, dict):
            both = Node({**shared.value, **own.value}, own.place)
        else:
            both = shared if shared.unknown else own
        return Node({"Variables": both}, both.place) if both else None

    def _logging(self, function: Node) -> Node | None:
        """Serverless 3 has no such settings; osls takes a function's as a whole."""
        if self.framework is Framework.V3:
            return None
        shared, own = self.provider.get("logs", "lambda"), function.get("logs")
        found = own or shared
        if own and shared and self.framework is not Framework.OSLS:
            found = _laid_over(shared, own)
        names = {
            "LogGroup": "logGroup",
            "LogFormat": "logFormat",
            "ApplicationLogLevel": "applicationLogLevel",
            "Class": "logGroupClass",
        }
        if found is None:
            return None
        each = {name: found.get(key) for name, key in names.items()}
        return Node({name: node for name, node in each.items() if node}, found.place)

    @staticmethod
    def _beside(name: str, function: Node, properties: Node) -> Iterator[tuple[str, Node]]:
        """What comes with a function: log group, versions, event sources."""
        place = function.place
        if class_ := properties.get("LoggingConfig", "Class"):
            group = Node(_group_of(properties), place)
            own = {"LogGroupName": group, "LogGroupClass": class_}
            yield f"{name}LogGroup", _resource(GROUP, Node(own, place), place)
        if provisioned := function.get("provisionedConcurrency"):
            yield f"{name}Version", _provisioned(name, provisioned)
        forwarders = properties.get(FORWARDERS) or Node((), place)
        for number, node in enumerate(forwarders.items):
            yield f"{name}Forwarder{number}", _filter_of(properties, node)
        for number, event in enumerate(_each(function.get("events"))):
            for kind, node in event.entries.items():
                if made := _event_resource(name, kind, node):
                    yield f"{name}Event{number}", made


def _provisioned(name: str, node: Node) -> Node:
    place = node.place
    config = Node({"ProvisionedConcurrentExecutions": node}, place)
    own = {"FunctionName": _ref(name, place), "ProvisionedConcurrencyConfig": config}
    return _resource("AWS::Lambda::Version", Node(own, place), place)


def _group_of(properties: Node) -> str:
    named = properties.get("LoggingConfig", "LogGroup")
    function = properties.get("FunctionName")
    return (named.text if named else None) or default_group(
        (function.text if function else "") or ""
    )


def _filter_of(properties: Node, forwarder: Node) -> Node:
    """On the function's own log group, by a plugin."""
    place = forwarder.place
    own = {"LogGroupName": Node(_group_of(properties), place), "FilterName": forwarder}
    return _resource(FILTER, Node(own, place), place)


def _snap_start(node: Node | None) -> Node | None:
    if node is None or node.value is False:
        return None
    return Node({"ApplyOn": Node("PublishedVersions", node.place)}, node.place)


def _event_resource(name: str, kind: str, node: Node) -> Node | None:
    """A filter on another function's log group, or a distribution that runs this one."""
    place = node.place
    if kind == "cloudwatchLog":
        named = node.get("logGroup") or node
        own = {"LogGroupName": named, "DestinationArn": _arn(name, place)}
        return _resource(FILTER, Node(own, place), place)
    if kind == "cloudFront":
        associated = Node({"LambdaFunctionARN": _ref(name, place)}, place)
        own = {"DistributionConfig": associated}
        return _resource("AWS::CloudFront::Distribution", Node(own, place), place)
    return None


def _resource(kind: str, properties: Node, place: Place) -> Node:
    return Node({"Type": Node(kind, place), "Properties": properties}, place)


def _ref(name: str, place: Place) -> Node:
    return Node({"Ref": Node(name, place)}, place)


def _arn(name: str, place: Place) -> Node:
    return Node({"Fn::GetAtt": Node((Node(name, place), Node("Arn", place)), place)}, place)
