"""A service of Serverless Framework (3, 4 or osls) → a project. Reads what the service includes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from bot.lint.cloudformation import planned_functions
from bot.lint.compiled import Compiled, compiled
from bot.lint.files import Files
from bot.lint.framework import framework_of
from bot.lint.log_settings import switched_off
from bot.lint.model import Doubt, PlannedFunction, Project, Said
from bot.lint.observability import switches
from bot.lint.plugins import effects
from bot.lint.tree import Node
from bot.lint.variables import References

_RESOLVED = ("service", "provider", "functions", "resources", "plugins", "stages", "custom")


def service(path: Path, files: Files, stage: str | None) -> Project:
    """What the service plans for `stage`, else for its own default stage. May raise Unparsed."""
    root = files.tree(path)
    if root is None:
        return Project(str(path))
    references = References(root, path.parent, files, {"stage": stage} if stage else {})
    references.stage = stage or _default_stage(references)
    known = _resolved(references)
    if not _of_aws(known):
        return Project(str(path))
    framework = framework_of(root, path.parent, files)
    plugins = effects(known)
    done = compiled(known, references.stage, framework, plugins.changes)
    functions, doubts = planned_functions(done.template, _region(known), plugins.unknown)
    switched = list(switches(known, known.get("stages"), stage, framework))
    return Project(
        str(path),
        tuple(_named(function, done) for function in functions),
        tuple(each for each in switched if isinstance(each, Said)),
        (*doubts, *(each for each in switched if isinstance(each, Doubt))),
        frozenset({str(path), *map(str, references.read)}),
    )


def _default_stage(references: References) -> str:
    named = references.root.get("provider", "stage")
    return (references.resolved(named).text if named else None) or "dev"


def _resolved(references: References) -> Node:
    """The parts that matter, without references; the rest as it stands."""
    root = references.root
    entries = {
        key: references.resolved(node) if key in _RESOLVED else node
        for key, node in root.entries.items()
    }
    return Node(entries, root.place)


def _of_aws(root: Node) -> bool:
    provider = root.get("provider")
    name = provider.get("name") if provider and provider.entries else provider
    return name is None or name.text in {None, "aws"}


def _region(root: Node) -> str | None:
    region = root.get("provider", "region")
    return region.text if region else None


def _named(function: PlannedFunction, done: Compiled) -> PlannedFunction:
    """By the service's own key, and with what only the service says."""
    source = done.sources.get(function.key)
    if source is None:
        return function
    said = (*function.said, *_muted(source))
    return replace(function, key=done.keys[function.key], said=said)


def _muted(function: Node) -> Iterator[Said]:
    """With a role of its own, the framework writes no policy that could deny anything."""
    switch = function.get("disableLogs")
    if switch is not None and switch.value is True and function.get("role") is None:
        yield switched_off(switch)
