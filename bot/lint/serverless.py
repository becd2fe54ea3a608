"""A service of Serverless Framework (3, 4 or osls) → a project. Reads what the service includes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from bot.lint.cloudformation import planned_functions
from bot.lint.compiled import Compiled, compiled
from bot.lint.files import Files
from bot.lint.framework import Framework, framework_of
from bot.lint.log_settings import switched_off
from bot.lint.model import Doubt, PlannedFunction, Project, Region, Said
from bot.lint.observability import switches
from bot.lint.packaged import Package, package_of, placed
from bot.lint.plugins import effects
from bot.lint.tree import Node, Place
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
    functions, doubts = _planned(known, references, framework)
    sources = [path, *references.read]
    if package := package_of(path.parent, sources, references.stage, files):
        functions, doubts = _as_packaged(package, functions), ()
    doubts = (*doubts, *_unread(known))
    switched = list(switches(known, known.get("stages"), stage, framework))
    return Project(
        str(path),
        functions,
        tuple(each for each in switched if isinstance(each, Said)),
        (*doubts, *(each for each in switched if isinstance(each, Doubt))),
        frozenset(map(str, sources)),
    )


def service_in_code(path: Path, files: Files, stage: str | None) -> Project:
    """A serverless.ts or .js is not run: only what was packaged from it is read."""
    sources = frozenset({str(path)})
    if package := package_of(path.parent, [path], stage, files):
        functions = tuple(replace(f, key=key) for key, f in package.items())
        return Project(str(path), functions, sources=sources)
    why = "it is code, which lint does not run: package the service first (sls package)"
    return Project(str(path), doubts=(Doubt(Place(str(path), 1, 1), None, None, why),))


def _planned(
    known: Node, references: References, framework: Framework | None
) -> tuple[tuple[PlannedFunction, ...], tuple[Doubt, ...]]:
    plugins = effects(known)
    done = compiled(known, references.stage, framework, plugins.changes)
    functions, doubts = planned_functions(done.template, _region(known), plugins.unknown)
    return tuple(_named(function, done) for function in functions), doubts


def _as_packaged(
    package: Package, functions: tuple[PlannedFunction, ...]
) -> tuple[PlannedFunction, ...]:
    """The package decides which functions there are, and what they have."""
    by_key = {function.key: function for function in functions}
    return tuple(
        placed(each, by_key[key]) if key in by_key else replace(each, key=key)
        for key, each in package.items()
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


def _region(root: Node) -> Region | None:
    region = root.get("provider", "region")
    return Region(region.text, region.place) if region and region.text else None


def _unread(root: Node) -> Iterator[Doubt]:
    """Whole parts of a service that lint cannot read, as those that code makes."""
    for key in ("functions", "resources"):
        part = root.get(key)
        for each in (part, *part.items) if part else ():
            if each.unknown:
                yield Doubt(each.place, None, None, f"{key}: {each.unknown.why}")


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
