"""What the image is made of is pinned by hashes, is what the tests ran with, and names its license."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib.metadata import requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent.parent
LOCKS = ("requirements.lock", "deploy/build.lock")
PINNED = re.compile(r"([a-z0-9.-]+)==(\S+)( ; [^\\]+)? \\")


def locked(name: str) -> dict[str, str]:
    """Name → version; fails on a line that is neither a pin, a hash nor a comment."""
    found = {}
    for line in (ROOT / name).read_text().splitlines():
        pin = PINNED.fullmatch(line)
        if pin:
            found[pin[1]] = pin[2]
        else:
            assert re.fullmatch(r"    --hash=sha256:[0-9a-f]{64}( \\)?|#.*", line), line
    return found


@pytest.mark.parametrize("name", LOCKS)
def test_everything_is_pinned_with_hashes(name):
    assert locked(name)


@pytest.mark.parametrize(
    "name", [*LOCKS, "constraints.txt", "tests/helm/checkov.txt", "deploy/cyclonedx.txt"]
)
def test_no_lock_names_a_registry(name):
    assert "://" not in (ROOT / name).read_text()


@pytest.mark.parametrize(
    "name", ["constraints.txt", "tests/helm/checkov.txt", "deploy/cyclonedx.txt"]
)
def test_tools_are_pinned(name):
    for line in (ROOT / name).read_text().splitlines():
        (only,) = Requirement(line).specifier
        assert only.operator == "=="


def test_the_image_has_the_versions_that_the_tests_ran_with():
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    tested = {e.name: str(e.specifier)[2:] for e in map(Requirement, lines)}

    assert locked("requirements.lock").items() <= tested.items()


def test_the_lock_holds_what_the_bot_needs_and_no_more():
    needed, left = set(), ["slsdiag"]
    while left:
        for text in requires(left.pop()) or ():
            each = Requirement(text)
            name = canonicalize_name(each.name)
            if (each.marker is None or each.marker.evaluate({"extra": ""})) and name not in needed:
                needed.add(name)
                left.append(name)

    theirs = set(locked("requirements.lock"))
    assert needed <= theirs
    # the rest is for other systems and versions of Python
    assert theirs - needed <= {"async-timeout", "colorama", "tzdata"}


def test_the_build_has_what_builds():
    text = (ROOT / "pyproject.toml").read_text()
    (wanted,) = re.findall(r'^requires = \["(.+)"\]$', text, re.MULTILINE)
    needed = Requirement(wanted)

    assert needed.specifier.contains(locked("deploy/build.lock")[needed.name])


def test_dockerfile_installs_nothing_without_a_hash():
    text = re.sub(r"\\\n", " ", (ROOT / "Dockerfile").read_text())
    commands = [part for part in re.split(r"&&|\n", text) if re.search(r"pip\S*\s", part)]
    installs = [part for part in commands if re.search(r" (install|wheel) ", part)]

    assert len(installs) == 4
    for each in installs:
        assert "--require-hashes" in each or "--no-index" in each
    assert "curl" not in text
    assert "ADD" not in text


def test_a_tampered_package_is_refused(tmp_path):
    """pip, told as the Dockerfile tells it."""
    package = tmp_path / "thing-1.0-py3-none-any.whl"
    package.write_bytes(b"not what was locked")
    (tmp_path / "lock").write_text(f"thing==1.0 --hash=sha256:{'0' * 64}\n")

    run = subprocess.run(
        [
            *(sys.executable, "-m", "pip", "install", "--no-index", "--find-links", tmp_path),
            *("--target", tmp_path / "into", "--require-hashes", "-r", tmp_path / "lock"),
        ],
        capture_output=True,
        text=True,
        check=False,
    )

    assert run.returncode != 0
    assert "DO NOT MATCH THE HASHES" in run.stderr
    assert not (tmp_path / "into").exists()


def test_licenses_are_current():
    script = ROOT / "deploy" / "licenses.py"

    assert not subprocess.run([sys.executable, script, "--check"], check=False).returncode, (
        "run deploy/licenses.py"
    )


def test_the_base_is_pinned():
    text = (ROOT / "Dockerfile").read_text()

    assert re.search(r"^ARG BASE=python:3\.\d+\.\d+-slim-\w+$", text, re.MULTILINE)
    assert set(re.findall(r"^FROM (\S+)", text, re.MULTILINE)) == {"${BASE}"}
