"""What the plugins that a serverless.yml lists do to its functions. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.lint.compiled import FORWARDERS, Change
from bot.lint.model import Changer
from bot.lint.tree import Node
from bot.text.visible import visible
from checks.facts.framework_plugins import ADD_VARIABLES, HARMLESS, PLUGINS, Plugin
from checks.facts.sdk import NODE, PYTHON, language_of

_KNOWN = {plugin.name: plugin for plugin in PLUGINS.value}
_OWNER = "000000000000"
_FILLING = "SLSDIAG_PLUGIN_VARIABLES"
"""Stands for the variables that a plugin adds, of which only the size matters."""


@dataclass(frozen=True, slots=True)
class Effects:
    """Of all plugins together."""

    changes: tuple[Change, ...]
    unknown: Changer | None
    """The first that may change anything."""


def effects(root: Node) -> Effects:
    """`root` is the service without references."""
    changes: list[Change] = []
    unknown: Changer | None = None
    for node in _listed(root.get("plugins")):
        name = node.text or ""
        if name in _KNOWN:
            changes.append(_change(_KNOWN[name], node, root))
        elif name not in HARMLESS.value:
            unknown = unknown or _unknown(name, node)
    return Effects(tuple(changes), unknown)


def _listed(plugins: Node | None) -> Sequence[Node]:
    """A list, or the modules of a mapping."""
    if plugins is None:
        return ()
    modules = plugins.get("modules") if plugins.entries else plugins
    if modules is None:
        return ()
    return (modules,) if modules.unknown else modules.items


def _unknown(name: str, node: Node) -> Changer:
    if node.unknown:
        return Changer(node.unknown.why, node.place)
    if name in ADD_VARIABLES.value:
        return Changer(f"the plugin {name} adds variables", node.place, only_variables=True)
    return Changer(f"what the plugin {visible(name)} changes is not known", node.place)


def _change(plugin: Plugin, listed: Node, root: Node) -> Change:
    settings = root.get("custom", plugin.settings)

    def change(function: Node, properties: Node) -> Node:
        if not _applies(plugin, settings, function):
            return properties
        added = {
            **_layers(plugin, listed, properties),
            **_handler(plugin, listed, properties),
            **_variables(plugin, listed, properties),
            **_published(plugin, function),
            **_forwarded(plugin, listed, properties),
        }
        return Node({**properties.entries, **added}, properties.place)

    return change


def _applies(plugin: Plugin, settings: Node | None, function: Node) -> bool:
    if plugin.only_if:
        own = function.get(plugin.settings)
        switch = own or (settings.get(plugin.only_if) if settings else None)
        return switch is not None and switch.value is True
    if plugin.unless and settings and (switch := settings.get(plugin.unless)):
        return switch.value is not False
    return True


def _layers(plugin: Plugin, listed: Node, properties: Node) -> dict[str, Node]:
    if not plugin.layers:
        return {}
    own = properties.entries.get("Layers")
    names = [f"arn:aws:lambda:us-east-1:{_OWNER}:layer:{name}:1" for name in plugin.layers]
    more = tuple(Node(name, listed.place) for name in names)
    if own is None:
        return {"Layers": Node(more, listed.place)}
    if not isinstance(own.value, tuple):
        return {}
    return {"Layers": Node((*own.value, *more), listed.place)}


def _handler(plugin: Plugin, listed: Node, properties: Node) -> dict[str, Node]:
    runtime = properties.entries.get("Runtime")
    language = language_of(runtime.text if runtime else None)
    handler = {NODE: plugin.node_handler, PYTHON: plugin.python_handler}.get(language or NODE)
    return {"Handler": Node(handler, listed.place)} if handler and language else {}


def _variables(plugin: Plugin, listed: Node, properties: Node) -> dict[str, Node]:
    if not plugin.variables:
        return {}
    environment = properties.entries.get("Environment") or Node({}, listed.place)
    variables = environment.get("Variables") or Node({}, listed.place)
    if not isinstance(variables.value, dict):
        return {}
    name = f"{_FILLING}_{len(variables.value)}"
    filling = Node("x" * (plugin.variables - len(name)), listed.place)
    more = Node({**variables.value, name: filling}, variables.place)
    return {"Environment": Node({"Variables": more}, environment.place)}


def _published(plugin: Plugin, function: Node) -> dict[str, Node]:
    setting = function.get(plugin.publishes_by) if plugin.publishes_by else None
    return {"DeploymentPreference": setting} if setting else {}


def _forwarded(plugin: Plugin, listed: Node, properties: Node) -> dict[str, Node]:
    had = properties.get(FORWARDERS) or Node((), listed.place)
    more = tuple(Node(plugin.name, listed.place) for _ in range(plugin.filters))
    return {FORWARDERS: Node((*had.items, *more), listed.place)} if more else {}
