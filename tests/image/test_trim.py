"""What is taken out of the image is never missed."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from bot.aws.operations import OPERATIONS, SECRET_VALUE
from bot.aws.organization_operations import ORGANIZATION_OPERATIONS
from bot.aws.queue_operations import WATCH_OPERATIONS
from bot.playground.account.demo_functions import demo

ROOT = Path(__file__).parent.parent.parent
PACKAGES = ("aiohttp", "boto3", "botocore", "redis", "slack_bolt", "slack_sdk")
CLIENTS = """
import boto3, botocore, json, sys
from bot.aws.client import Account
from bot.aws.operations import OPERATIONS, SECRET_VALUE
from bot.aws.organization_operations import ORGANIZATION_OPERATIONS
from bot.aws.parallel import Rates
from bot.aws.queue_operations import WATCH_OPERATIONS
account = Account(boto3.Session(), Rates(1))
account.warm("eu-west-1")
for each in (*OPERATIONS, *ORGANIZATION_OPERATIONS, *WATCH_OPERATIONS, SECRET_VALUE):
    getattr(account.clients(each.service, "eu-west-1"), each.method)
print(json.dumps([botocore.__file__, sorted(boto3.Session().get_available_services())]))
"""


@pytest.fixture(scope="module")
def trimmed(tmp_path_factory):
    """The larger packages as the image has them; they stand before the installed ones."""
    site, copy = Path(sysconfig.get_path("purelib")), tmp_path_factory.mktemp("site")
    for each in PACKAGES:
        shutil.copytree(site / each, copy / each, ignore=shutil.ignore_patterns("__pycache__"))
    spec = importlib.util.spec_from_file_location("trim", ROOT / "deploy" / "trim.py")
    assert spec
    assert spec.loader
    trim = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(trim)
    trim.trim(copy)
    return copy


def run(trimmed, *words):
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(trimmed), str(ROOT)])}
    return subprocess.run(
        [sys.executable, *words], capture_output=True, text=True, check=False, env=environment
    )


def test_all_clients_are_made(aws, trimmed):
    done = run(trimmed, "-c", CLIENTS)

    assert done.returncode == 0, done.stderr
    where, services = json.loads(done.stdout)
    assert where.startswith(str(trimmed))
    table = (
        *OPERATIONS,
        *ORGANIZATION_OPERATIONS,
        *WATCH_OPERATIONS,
        SECRET_VALUE,
    )
    called = {each.service for each in table}
    assert set(services) == called | {"sso", "sso-oidc", "signin"}


def test_a_check_is_the_same(aws, trimmed):
    """Every step over the wire, by the trimmed models."""
    demo(aws.account())
    check = ("-c", "import sys; from bot.cli import main; sys.exit(main())", "check", "orders")

    theirs = run(trimmed, *check, "--json")
    ours = subprocess.run(
        [sys.executable, *check, "--json"], capture_output=True, text=True, check=False
    )

    assert theirs.returncode == ours.returncode == 1, theirs.stderr
    steps = [json.loads(each.stdout)["steps"] for each in (theirs, ours)]
    assert [s["outcome"] for s in steps[0]] == [s["outcome"] for s in steps[1]]
    assert not [s for s in steps[0] if s["outcome"] == "unknown" and "rror" in s["saw"]]


def test_what_serves_can_be_imported(trimmed):
    done = run(
        trimmed, "-c", "import bot.app.processes, bot.cli.serve, bot.playground.demo, aiohttp.web"
    )

    assert done.returncode == 0, done.stderr
