"""A release: what it refuses, in which order it goes, and what it says about the image."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import publish
import pytest
import release_steps
import set_version
from google.protobuf.json_format import ParseDict
from in_toto_attestation.predicates.provenance.v1.provenance_pb2 import Provenance
from in_toto_attestation.v1 import statement_pb2
from in_toto_attestation.v1.statement import Statement

ROOT = Path(__file__).parent.parent.parent
IMAGE, SOURCE = "registry.example.com/team/slsdiag", "https://github.com/team/slsdiag"
DIGEST = "sha256:" + "ab" * 32
WORDS = [IMAGE, "--source", SOURCE, "--builder", "buildah"]
BUILDAH = f"""#!/bin/sh
echo "$@" >> "$TOLD"
case "$1" in
  "$BROKEN") exit 1 ;;
  from) echo container ;;
  run) echo "slsdiag 1.2.3" ;;
  push) for word; do [ "$before" = --digestfile ] && printf {DIGEST} > "$word"; before=$word; done ;;
esac
"""
"""In place of buildah: which release calls it how; deploy/publish.py was run with the real one."""


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    """A repository that may be released as 1.2.3."""
    root = tmp_path / "checkout"
    for file in (
        "pyproject.toml",
        "helm/Chart.yaml",
        "CHANGELOG.md",
        *("requirements.lock", "deploy/build.lock"),
    ):
        (root / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / file, root / file)
    shutil.copy(ROOT / "deploy/provenance.py", root / "deploy")
    (root / "deploy/licenses.py").touch()
    (root / "deploy/sbom").write_text('#!/bin/sh\necho "{}" > "$1"\n')
    (root / "deploy/sbom").chmod(0o755)
    (root / ".gitignore").write_text("build/\n")
    for name in (
        "GIT_AUTHOR_NAME",
        "GIT_COMMITTER_NAME",
        "GIT_AUTHOR_EMAIL",
        "GIT_COMMITTER_EMAIL",
    ):
        monkeypatch.setenv(name, "somebody")
    git(root, "init", "-q")
    set_version.write(root, "1.2.3", "2026-11-30")
    commit(root)
    return root


@pytest.fixture
def buildah(tmp_path, monkeypatch):
    """What it was called with; the environment's BROKEN names what fails."""
    folder, told = tmp_path / "bin", tmp_path / "told"
    folder.mkdir()
    (folder / "buildah").write_text(BUILDAH)
    (folder / "buildah").chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("TOLD", str(told))
    monkeypatch.setenv("BROKEN", "nothing")
    monkeypatch.setattr(publish, "which", lambda name: name if name == "buildah" else None)
    return lambda: told.read_text().splitlines()


def git(root, *words):
    asked = ["git", "-C", str(root), *words]
    return subprocess.run(asked, check=True, capture_output=True, text=True).stdout


def commit(root):
    git(root, "add", "-A")
    git(root, "commit", "-qm", "A change")


def test_places_of_the_version_agree():
    """Before the first release the changelog has none."""
    versions = set(set_version.stated(ROOT).values()) - {None}

    assert len(versions) == 1
    assert set_version.VERSION.fullmatch(versions.pop())


def test_setting_the_version_makes_a_release_possible(checkout, capsys):
    assert publish.main([*WORDS, "--plan"], checkout) == 0
    assert set(set_version.stated(checkout).values()) == {"1.2.3"}
    assert json.loads(capsys.readouterr().out)["refusals"] == []
    text = (checkout / "CHANGELOG.md").read_text()
    assert (
        text.index("## Unreleased") < text.index("## 1.2.3 - 2026-11-30") < text.index("### Added")
    )


def test_a_version_keeps_the_section_that_it_has(checkout):
    set_version.write(checkout, "1.2.3", "2026-12-24")

    assert (checkout / "CHANGELOG.md").read_text().count("## 1.2.3") == 1


def a_change(root):
    (root / "new.txt").touch()


def another_chart(root):
    file = root / "helm/Chart.yaml"
    file.write_text(file.read_text().replace("appVersion: 1.2.3", "appVersion: 1.2.2"))
    commit(root)


def no_section(root):
    file = root / "CHANGELOG.md"
    file.write_text(file.read_text().replace("## 1.2.3", "## 1.2.2"))
    commit(root)


def the_tag(root):
    git(root, "tag", "v1.2.3")


@pytest.mark.parametrize(
    ("what", "said"),
    [
        (a_change, "not committed"),
        (another_chart, "helm/Chart.yaml appVersion says 1.2.2"),
        (no_section, "CHANGELOG.md says 1.2.2"),
        (the_tag, "The tag v1.2.3 exists"),
    ],
)
def test_what_must_not_be_released_is_refused(checkout, buildah, capsys, what, said):
    what(checkout)

    assert publish.main(WORDS, checkout) == 1
    assert said in capsys.readouterr().err
    assert not (checkout / "build").exists()


def test_a_plan_does_nothing(checkout, capsys):
    publish.main([*WORDS, "--plan"], checkout)
    names = [step["name"] for step in json.loads(capsys.readouterr().out)["steps"]]

    assert names.index("try") < names.index("push") < names.index("provenance") < names.index("tag")
    assert names[-1] == "tag"
    assert not (checkout / "build").exists()


@pytest.mark.parametrize("builder", release_steps.BUILDERS)
def test_each_builder_is_given_version_commit_and_base(checkout, capsys, builder):
    publish.main([*WORDS[:3], "--builder", builder, "--base", f"b@{DIGEST}", "--plan"], checkout)
    commands = {
        step["name"]: step["command"] for step in json.loads(capsys.readouterr().out)["steps"]
    }
    head = git(checkout, "rev-parse", "HEAD").strip()

    assert commands["build"][0] == builder
    assert {f"{release_steps.LABEL}.version=1.2.3", f"{release_steps.LABEL}.revision={head}"} <= {
        *commands["build"]
    }
    assert f"BASE=b@{DIGEST}" in commands["build"]
    assert f"{IMAGE}:1.2.3" in commands["push"]


def test_a_release_states_how_it_was_made(checkout, buildah):
    assert publish.main([*WORDS, "--base", f"b@{DIGEST}"], checkout) == 0
    made = json.loads((checkout / "build/release-1.2.3/provenance.json").read_text())
    head = git(checkout, "rev-parse", "HEAD").strip()

    Statement.copy_from_pb(ParseDict(made, statement_pb2.Statement())).validate()
    ParseDict(made["predicate"], Provenance())  # refuses a field that SLSA does not know
    assert made["subject"] == [{"name": IMAGE, "digest": {"sha256": "ab" * 32}}]
    dependencies = made["predicate"]["buildDefinition"]["resolvedDependencies"]
    assert dependencies[0]["digest"] == {"gitCommit": head}
    assert dependencies[-1] == {"uri": "docker://b", "digest": {"sha256": "ab" * 32}}
    assert git(checkout, "rev-parse", "v1.2.3^{commit}").strip() == head


@pytest.mark.parametrize("broken", ["build", "run", "push"])
def test_what_failed_has_no_tag(checkout, buildah, monkeypatch, capsys, broken):
    monkeypatch.setenv("BROKEN", broken)

    assert publish.main(WORDS, checkout) == 1
    assert "is not released" in capsys.readouterr().err
    assert git(checkout, "tag") == ""
    assert broken == "push" or not any(line.startswith("push") for line in buildah())


def test_what_is_built_is_the_commit(checkout, buildah):
    (checkout / ".gitignore").write_text("build/\nignored\n")
    commit(checkout)
    (checkout / "ignored").touch()

    publish.main(WORDS, checkout)

    source = checkout / "build/release-1.2.3/source"
    assert (source / "pyproject.toml").exists()
    assert not (source / "ignored").exists()
    assert any(line.startswith("build ") and line.endswith("/source") for line in buildah())
