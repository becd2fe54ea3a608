"""
What a framework has packaged: `.serverless/`, which is the truth where it is newer than its sources.

Values keep the place where the service says them. What only the package has, a plugin made: it
stands at the plugin's line, else at the function's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from bot.lint.cloudformation import planned_functions
from bot.lint.compiled import logical_id
from bot.lint.files import Files, text_of
from bot.lint.json_tree import json_tree, json_value
from bot.lint.model import Planned, PlannedFunction, Region, Value
from bot.lint.refusals import Unparsed

FOLDER = ".serverless"
TEMPLATE = "cloudformation-template-update-stack.json"
STATE = "serverless-state.json"


Package = Mapping[str, PlannedFunction]
"""By the service's key, else by the logical id."""


def package_of(
    folder: Path, sources: Iterable[Path], stage: str | None, files: Files
) -> Package | None:
    """The package beside a service; None where there is none, or where it is not of these sources."""
    template, state = folder / FOLDER / TEMPLATE, folder / FOLDER / STATE
    if files.inside(template) is None or not _newer(template, sources):
        return None
    try:
        said = _document(state, files)
        packaged_for = _below(said, "service", "provider", "stage")
        if stage is not None and packaged_for not in {None, stage}:
            return None
        region = _below(said, "service", "provider", "region")
        root = json_tree(text_of(template), str(template))
        where = Region(region, root.place) if isinstance(region, str) else None
        functions, _ = planned_functions(root, where)
    except Unparsed:
        return None
    return dict(_keyed(function, said, files, folder) for function in functions)


def _keyed(
    function: PlannedFunction, said: Any, files: Files, folder: Path
) -> tuple[str, PlannedFunction]:
    """By the service's own key, with the size of its package."""
    named = _below(said, "service", "functions")
    keys = {logical_id(str(key)): str(key) for key in (named if isinstance(named, dict) else ())}
    key = keys.get(function.key, function.key)
    return key, replace(function, code_size=_size(said, key, files, folder))


def _size(said: Any, key: str, files: Files, folder: Path) -> int | None:
    """Zipped bytes of the function's own artifact, else of the service's."""
    for path in (("service", "functions", key, "package", "artifact"), ("package", "artifact")):
        artifact = _below(said, *path)
        if isinstance(artifact, str):
            real = files.inside(folder / FOLDER / Path(artifact).name)
            return real.stat().st_size if real else None
    return None


def _newer(template: Path, sources: Iterable[Path]) -> bool:
    try:
        made = template.stat().st_mtime
        return all(source.stat().st_mtime <= made for source in sources)
    except OSError:
        return False


def _document(state: Path, files: Files) -> Any:
    if files.inside(state) is None:
        return None
    return json_value(text_of(state), str(state))


def _below(value: Any, *path: str) -> Any:
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def placed(packaged: PlannedFunction, source: PlannedFunction) -> PlannedFunction:
    """What was packaged, at the places of the service."""
    variables, own = packaged.variables, source.variables
    return replace(
        packaged,
        key=source.key,
        place=source.place,
        region=source.region or packaged.region,
        runtime=_at(packaged.runtime, source.runtime),
        handler=_at(packaged.handler, source.handler),
        layers=_at(packaged.layers, source.layers),
        variables=replace(
            variables,
            place=own.place,
            wrapper=_at(variables.wrapper, own.wrapper),
            node_options=_at(variables.node_options, own.node_options),
            size=replace(variables.size, place=own.place),
        ),
        log_class=_at(packaged.log_class, source.log_class),
        filters=_at(packaged.filters, source.filters),
        edge=source.edge or (source.place if packaged.edge else None),
        serving=source.serving or tuple(replace(s, place=source.place) for s in packaged.serving),
        said=source.said,
    )


def _at(packaged: Planned[Value], source: Planned[Value]) -> Planned[Value]:
    """What differs was made by whatever may change it, where the service names such a thing."""
    changer = source.changer if packaged.options != source.options else None
    return replace(packaged, place=changer.place if changer else source.place)
