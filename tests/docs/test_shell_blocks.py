"""
Each shell block of the documents runs as it stands, or says here why it cannot.

A page is one shell, so that a variable of one block is there in the next. The AWS is the fake one, with
the functions my-function and orders; the AWS CLI is a stand-in that takes everything.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml

from bot.playground.account.demo_functions import healthy
from bot.playground.account.demo_functions.fake_function import healthy_account

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")), ROOT / "helm" / "README.md"]
INSTALLS = "installs packages, which .ci/run does by the README's commands"
CLUSTER = "needs a cluster"
GUIDE = "asks, or runs until it is stopped: test_setup_guide.py types it"
RESTORE = "needs a server: test_restore.py types it"
CANNOT_RUN = {
    "python3 -m venv .venv": "is what .ci/run begins with",
    ".venv/bin/python -m bot.playground.account": "runs until it is stopped: the fixture serves the same account",
    "pipx install": INSTALLS,
    "pip install": INSTALLS,
    "uv tool install": INSTALLS,
    "git pull": INSTALLS,
    "pipx uninstall": "removes what a person installed",
    "slsdiag setup\n": GUIDE,
    "slsdiag setup  ": GUIDE,
    "slsdiag doctor --config": GUIDE,
    "slsdiag mcp --http": "runs until it is stopped: test_mcp.py starts it",
    "python deploy/": "releases, which needs a registry: test_publish.py tries it without one",
    "redis-cli ": RESTORE,
    'tar -C "$SLSDIAG_STATE_DIR"': RESTORE,
    "cp slsdiag-backup.rdb": RESTORE,
    "python benchmarks/": "measures for minutes",
    "docker build": "needs Docker: deploy/image builds and tests the image",
    "kubectl ": CLUSTER,
    "helm ": CLUSTER,
}
"""By how the block begins."""
SLSDIAG = f"""\
#!/bin/sh
# a problem that a check finds is no failure of the command
{Path(sys.executable).parent}/slsdiag "$@"
status=$?
case $status in 1 | 3) exit 0 ;; esac
exit $status
"""
BASH = shutil.which("bash") or "bash"


def blocks(page):
    """Without the indentation of a list."""
    found = re.findall(r"^( *)```sh\n(.*?)^\1```$", page.read_text(), re.MULTILINE | re.DOTALL)
    return [re.sub(f"^{indent}", "", text, flags=re.MULTILINE) for indent, text in found]


def why_not(block):
    """The reason why it cannot run here."""
    return next((why for begin, why in CANNOT_RUN.items() if block.startswith(begin)), None)


WITH_BLOCKS = [page for page in PAGES if any(not why_not(block) for block in blocks(page))]


@pytest.fixture
def place(aws, tmp_path, monkeypatch):
    """A folder with what the commands name, and the fake AWS with two accounts."""
    healthy_account(aws.account(), datetime.now(UTC))
    for name in ("my-function", "orders"):
        healthy(aws.account(), name)
    aws.account().region("eu-west-1").aliases["my-function"] = {"live": "$LATEST"}
    shutil.copy(ROOT / "tests" / "captures" / "node-success.log", tmp_path / "saved.log")
    compiled = ROOT / "tests" / "bot" / "lint" / "compiled"
    shutil.copytree(compiled, tmp_path / "cdk.out")
    for folder in (tmp_path, tmp_path / "services" / "orders"):
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / "tests" / "bot" / "lint" / "packaged" / "serverless.yml", folder)
    (tmp_path / "plan.json").write_text('{"format_version": "1.2", "resource_changes": []}')
    (tmp_path / "slsdiag.toml").write_text('regions = ["us-east-1"]\n')
    (tmp_path / "credentials").write_text(
        "[prod]\naws_access_key_id = a\naws_secret_access_key = b\n"
    )
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    programs = tmp_path / ".venv" / "bin"
    programs.mkdir(parents=True)
    for name, text in (("slsdiag", SLSDIAG), ("aws", "#!/bin/sh\n")):
        (programs / name).write_text(text)
        (programs / name).chmod(0o755)
    return tmp_path


@pytest.mark.slow
@pytest.mark.parametrize("page", WITH_BLOCKS, ids=lambda page: str(page.relative_to(ROOT)))
def test_blocks_run(place, aws, page):
    script = "".join(f"{block}\n" for block in blocks(page) if not why_not(block))
    environment = {
        **{
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("SLACK_", "SLSDIAG_"))
        },
        "PATH": f"{place}/.venv/bin:{os.defpath}",
        "HOME": str(place),
        "PYTHONPATH": str(ROOT),
        "SLSDIAG_AWS_RATE": "1",
    }
    run = subprocess.run(
        [BASH, "-e", "-o", "pipefail", "-c", script.replace("http://127.0.0.1:8799", aws.url)],
        cwd=place,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )

    assert run.returncode == 0, run.stderr[-2000:]
    assert "Traceback" not in run.stderr


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_blocks_are_shell(page):
    for block in blocks(page):
        run = subprocess.run([BASH, "-n", "-c", block], capture_output=True, text=True, check=False)
        assert run.stderr == "", block


def test_no_command_hides_in_another_kind_of_block():
    """Commands stand in ```sh, so that they are run."""
    hidden = [
        (page.name, line)
        for page in PAGES
        for line in re.findall(
            r"^(?: {4,})(?:\$ )?(?:slsdiag|pip|helm|kubectl|aws) .*$",
            page.read_text(),
            re.MULTILINE,
        )
    ]
    shown = {line for page in PAGES for block in blocks(page) for line in block.splitlines()}

    assert [
        (name, line) for name, line in hidden if line.strip() not in {s.strip() for s in shown}
    ] == []


def test_each_reason_is_of_some_block():
    all_blocks = [block for page in PAGES for block in blocks(page)]

    assert [begin for begin in CANNOT_RUN if not any(b.startswith(begin) for b in all_blocks)] == []


def test_values_that_the_documents_set_are_the_charts():
    values = yaml.safe_load((ROOT / "helm" / "values.yaml").read_text())
    text = "\n".join(page.read_text() for page in PAGES).replace("\\.", "·")
    named = set(re.findall(r"--set(?:-string)? '?([A-Za-z][\w.·/-]*)=", text))
    assert len(named) > 3
    for name in named:
        here = values
        for part in name.split("."):
            if "·" in part:  # an annotation's own name
                break
            assert part in here, name
            here = here[part]
