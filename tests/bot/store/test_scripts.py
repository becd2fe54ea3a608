"""The scripts in lua/: their heads, their keys, and that an installed package has them."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from redis.exceptions import ResponseError

from bot.store import keys, scripts
from bot.store.scripts import Script

ROOT = Path(__file__).parents[3]
NAMES = sorted(path.stem for path in (ROOT / "bot/store/lua").glob("*.lua"))
USED = {
    name
    for stem in NAMES
    for name in re.findall(
        r"^--- use: (.+)$", (ROOT / f"bot/store/lua/{stem}.lua").read_text(), re.MULTILINE
    )
    for name in name.split()
}
SPELLED = re.compile(r"slsdiag:(?! )|NAMESPACE\}:")
"""A space follows where an error is printed."""
STORELESS = {"agents", "lint"}
"""The import contract keeps them from the store; comments in files, and resources, begin like a key."""


@pytest.mark.parametrize("name", NAMES)
def test_each_script_is_understood_by_the_server(name, redis):
    redis.script_load(scripts.read(name).text)


@pytest.mark.parametrize("name", NAMES)
def test_each_file_sets_no_global(name, redis):
    assigned = re.findall(r"^\s*([a-z_]\w*)(?:, \w+)* = ", scripts.read(name).text, re.MULTILINE)
    local = re.findall(
        r"\blocal (?:function )?([\w, ]+)|\bfor ([\w, ]+) (?:in|=)", scripts.read(name).text
    )
    declared = {word for some in local for word in re.findall(r"\w+", " ".join(some))}
    parameters = re.findall(r"function\s*\w*\(([\w, ]*)\)", scripts.read(name).text)
    declared |= {word for some in parameters for word in re.findall(r"\w+", some)}

    assert set(assigned) <= declared


@pytest.mark.parametrize("name", NAMES)
def test_no_argument_hides_what_the_script_uses(name):
    source = scripts.read(name)
    used, _, _ = source.text.partition("local READ")
    declared = re.findall(r"^local (?:function )?([\w, ]+)", used, re.MULTILINE)

    assert not set(source.arguments) & {word for some in declared for word in some.split(", ")}


def calls():
    """Name of the script → names of the arguments, wherever bot/ calls one."""
    for path in sorted((ROOT / "bot").rglob("*.py")):
        tree = ast.parse(path.read_text())
        made = {
            target.attr: node.value.args[1].value
            for node in ast.walk(tree)
            if isinstance(node, ast.Assign)
            and isinstance(node.value, ast.Call)
            and getattr(node.value.func, "id", None) == "Script"
            for target in node.targets
            if isinstance(target, ast.Attribute)
        }
        yield from ((path, attribute, name) for attribute, name in made.items())


def test_each_file_is_run_or_used_by_one_that_is():
    run = {name for _, _, name in calls()} | {"now", "when_full"}

    assert run | USED == set(NAMES)


def test_arguments_arrive_by_name(redis, monkeypatch, tmp_path):
    lua = "--- args: a b:number c:flag d:list e:number f\nreturn {a, b, tostring(c), d, tostring(e), f}"
    (tmp_path / "echo.lua").write_text(lua)
    monkeypatch.setattr(scripts, "FOLDER", tmp_path)
    echo = Script(redis, "echo")

    assert echo(f="last", e=None, d=["x", 2], c=True, b=7, a="first") == [
        "first", 7, "true", ["x", "2"], "nil", "last",
    ]  # fmt: skip
    assert echo(a=None, b="8", c=False, d=[], e=1, f="") == ["", 8, "false", [], "1", ""]


@pytest.mark.parametrize("given", [{}, {"member": "a", "fence": 1, "more": 2}])
def test_missing_and_unknown_arguments_are_refused_before_anything_is_sent(given, redis):
    with pytest.raises(TypeError, match=r"lua/due_finish\.lua: missing or unknown: "):
        Script(redis, "due_finish")(**given)


def test_key_that_nobody_knows_is_refused(redis, monkeypatch, tmp_path):
    (tmp_path / "wrong.lua").write_text("return KEY.duo")
    monkeypatch.setattr(scripts, "FOLDER", tmp_path)

    with pytest.raises(LookupError, match=r"lua/wrong\.lua: not in keys\.py: duo"):
        Script(redis, "wrong")


def test_keys_are_spelled_alike_in_both_languages(redis):
    for name, pattern in vars(keys).items():
        if isinstance(pattern, keys.Pattern):
            values = [f"v{n}" for n in range(len(pattern.parts))]
            lua = scripts._key_table("test", f"KEY.{name.lower()}")  # noqa: SLF001 - what it makes
            made = redis.eval(f"{lua}return KEY.{name.lower()}(unpack(ARGV))", 0, *values)
            assert made == pattern(*values)


def test_a_part_too_few_is_no_key():
    with pytest.raises(ValueError, match="zip"):
        keys.SUBJECTS("diagnosis")


def test_no_other_module_spells_a_key():
    files = [*(ROOT / "bot").rglob("*.py"), *(ROOT / "bot").rglob("*.lua")]
    strays = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in files
        if path != ROOT / "bot/store/keys.py" and not STORELESS & set(path.parts)
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if SPELLED.search(line)
    ]

    assert len(files) > 100
    assert strays == []


def test_no_key_is_spelled_in_vain():
    used = {
        word.upper()
        for name in NAMES
        for word in re.findall(r"KEY\.(\w+)", scripts.read(name).text)
    }
    for path in (ROOT / "bot").rglob("*.py"):
        used |= set(re.findall(r"\bkeys\.([A-Z_]+)", path.read_text()))

    assert {name for name in vars(keys) if name.isupper() and name[0] != "_"} <= used


def test_no_two_keys_are_spelled_alike():
    spelled = [
        value.text if isinstance(value, keys.Pattern) else value
        for name, value in vars(keys).items()
        if name.isupper() and not name.startswith("_") and isinstance(value, str | keys.Pattern)
    ]

    assert len(spelled) == len(set(spelled)) > 30


def test_scripts_decode_no_document():
    for name in NAMES:
        assert "cjson" not in scripts.read(name).text


def test_installed_package_has_the_scripts(tmp_path):
    source = tmp_path / "source"
    for folder in ("bot", "checks"):
        leave = shutil.ignore_patterns("node_modules", "__pycache__")
        shutil.copytree(ROOT / folder, source / folder, ignore=leave)
    for file in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / file, source)
    build = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "-q"]
    subprocess.run([*build, "-w", tmp_path, source], check=True)
    (wheel,) = tmp_path.glob("slsdiag-*.whl")

    with zipfile.ZipFile(wheel) as packed:
        inside = {name for name in packed.namelist() if name.endswith(".lua")}
    assert inside == {f"bot/store/lua/{name}.lua" for name in NAMES}


def test_an_error_in_a_script_is_an_error_here(redis, monkeypatch, tmp_path):
    (tmp_path / "broken.lua").write_text("return nobody()")
    monkeypatch.setattr(scripts, "FOLDER", tmp_path)
    with pytest.raises(ResponseError):
        Script(redis, "broken")()
