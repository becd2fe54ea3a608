"""Scanners of others find nothing that is not explained in policy.yaml."""

from __future__ import annotations

import json
import os
import subprocess
import sysconfig
from pathlib import Path

import pytest
import yaml
from documents import HERE, MODES, ROOT, installed

pytestmark = pytest.mark.slow

EXPLAINED = yaml.safe_load((HERE / "policy.yaml").read_text())
ONLY_THE_TEST_POD = {"CKV_K8S_8", "CKV_K8S_9"}


@pytest.fixture(scope="session")
def found(tools, render, tmp_path_factory) -> list[tuple[str, str]]:
    """(check, resource) of what checkov finds in every mode and in the Dockerfile."""
    folder = tmp_path_factory.mktemp("scanned")
    (folder / "Dockerfile").write_text((ROOT / "Dockerfile").read_text())
    for mode in MODES:
        (folder / f"{mode}.yaml").write_text(yaml.safe_dump_all(render(mode)))
    run = subprocess.run(
        [
            installed(tools / "checkov/bin/checkov"),
            *("--skip-download", "--quiet", "--compact", "--output", "json"),
            *("--framework", "kubernetes", "dockerfile", "--directory", folder),
        ],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "LOG_LEVEL": "ERROR"},
    )
    reports = json.loads(run.stdout)
    assert {each["check_type"] for each in reports} == {"kubernetes", "dockerfile"}
    return [
        (check["check_id"], check["resource"])
        for report in reports
        for check in report["results"]["failed_checks"]
    ]


def test_every_finding_is_explained(found):
    assert {(check, resource) for check, resource in found if check not in EXPLAINED} == set()


def test_every_explanation_is_needed(found):
    assert set(EXPLAINED) == {check for check, _ in found}


def test_probes_lack_only_where_they_make_no_sense(found):
    for check, resource in found:
        assert check not in ONLY_THE_TEST_POD or resource.endswith("-test")


def test_dockerfile_has_no_finding():
    program = installed(Path(sysconfig.get_path("scripts")) / "hadolint")
    run = subprocess.run(
        [program, "--format", "json", ROOT / "Dockerfile"],
        capture_output=True,
        text=True,
        check=False,
    )

    assert json.loads(run.stdout) == []
