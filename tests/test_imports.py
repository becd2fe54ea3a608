"""Neither rooms nor modules import each other in a circle; the layers are in pyproject.toml."""

from __future__ import annotations

import tomllib
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import grimp
import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def imports():
    """By module, what it imports of ours when it runs."""
    graph = grimp.build_graph("bot", "checks", exclude_type_checking_imports=True, cache_dir=None)
    return {name: graph.find_modules_directly_imported_by(name) for name in graph.modules}


def room_of(module):
    """A package of the bot, or one of its single modules; the runbook is one room."""
    return ".".join(module.split(".")[:2]) if module.startswith("bot.") else module.split(".")[0]


def circle(graph):
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return error.args[1]
    return None


def test_no_module_imports_itself_by_way_of_others(imports):
    assert circle(imports) is None


def test_no_room_imports_itself_by_way_of_others(imports):
    rooms = {room_of(module): set() for module in imports}
    for module, imported in imports.items():
        rooms[room_of(module)] |= {room_of(other) for other in imported} - {room_of(module)}

    assert circle(rooms) is None


def test_every_room_has_its_layer():
    """A module that nobody put into a layer would be free to import anything."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    layers = next(each for each in contracts["contracts"] if each["type"] == "layers")
    named = {
        name.strip(" ()") for line in layers["layers"] for name in line.replace("|", ":").split(":")
    }
    there = {
        path.stem
        for path in (ROOT / "bot").iterdir()
        if path.suffix == ".py" or (path / "__init__.py").exists()
    }

    assert layers["exhaustive"]
    assert there - {"__init__"} <= named
