"""A backup and its restore, by the commands of docs/backup.md, under the real bot."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.digest.model import Slot
from bot.digest.repository import Digests
from bot.playground.stores import Server
from bot.playground.workspace import Person
from bot.playground.workspace.messages import GENERAL
from bot.store.connection import connect, now
from bot.store.embedded import Embedded
from bot.store.valkey import binary
from tests.bot.slack.far_off import FAR_OFF

ROOT = Path(__file__).parents[3]
SETTINGS = {"appendonly": "yes", "maxmemory_policy": "noeviction"}
DIGEST, CARD, AGAIN = "Digest", "checkout is healthy", "orders · Datadog"
CLI = f"""#!{sys.executable}
import sys, redis
_, _, url, *words = sys.argv
connection = redis.Redis.from_url(url).connection_pool.get_connection()
connection.send_command(*words)
try:
    answer = connection.read_response()
except redis.ConnectionError:
    sys.exit(words != ["SHUTDOWN"])
print(answer.decode() if isinstance(answer, bytes) else answer)
"""
"""In place of redis-cli: sends its words to the server."""


@pytest.fixture
def typed(tmp_path):
    """Type the blocks of a chapter of the page, with other values than its examples."""
    programs = tmp_path / "programs"
    programs.mkdir()
    (programs / "redis-cli").write_text(CLI)
    (programs / "redis-cli").chmod(0o755)
    (programs / "valkey-server").symlink_to(binary())

    def run(chapter, number, **values):
        text = (ROOT / "docs" / "backup.md").read_text().partition(f"## {chapter}\n")[2]
        block = re.findall(
            r"^```sh\n(.*?)^```$", text.partition("\n## ")[0], re.MULTILINE | re.DOTALL
        )[number]
        environment = {"PATH": f"{programs}{os.pathsep}{os.defpath}", **values}
        words = ["bash", "-e", "-o", "pipefail", "-c", block]
        ran = subprocess.run(
            words, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
        )
        assert ran.returncode == 0, ran.stderr

    return run


def places(server):
    return {"FOLDER": str(server.folder), "PORT": str(server.port), "REDIS_URL": server.url}


@pytest.fixture
def seen(slack):
    """How many messages of the channel say so."""
    return lambda words: sum(words in m.text for m in slack.public(GENERAL))


def keeps_a_digest(person, slack, zone):
    person.types(f"/slsdiag digest daily {FAR_OFF} {zone}")
    preview = slack.waits_for(lambda m: zone in m.text and "Keep it" in m.buttons())[0]
    id_ = preview.buttons()["Keep it"]["value"]
    person.clicks(preview, "Keep it")
    slack.waits_for(lambda m: m.text.startswith(f"Kept, as {id_}"))
    return id_


def slot_comes(server, id_, seconds):
    with server.client() as redis:
        digests, at = Digests(redis), now(redis) + timedelta(seconds=seconds)
        due = replace(digests.load(id_), slot=Slot(at, "2026-01-01"), created=at)
        assert digests.save(due, claim=None, due_at=at)


@pytest.mark.slow
@pytest.mark.parametrize("mode", ["http"])
def test_what_waited_goes_on_once_and_what_was_done_is_not_done_again(
    tmp_path, typed, start_bot, slack, aws, seen, until
):
    ada = Person(slack)
    with Server(tmp_path / "data", **SETTINGS) as server:
        bot = start_bot(REDIS_URL=server.url)
        posted, waiting = (
            keeps_a_digest(ada, slack, zone) for zone in ("Europe/Berlin", "America/New_York")
        )
        slot_comes(server, posted, 0)
        until(lambda: seen(DIGEST) == 1, 30)
        ada.types("/slsdiag checkout")
        until(lambda: seen(CARD) == 2, 20)  # the card, and its thread
        aws.account().region("us-east-1").stacks.clear()
        aws.account().stack(datetime.now(UTC) - timedelta(minutes=10) + timedelta(seconds=12))
        ada.types("/slsdiag orders")
        slack.waits_for(lambda m: "Checks again by itself" in f"{m.text} {m.blocks}", 20)
        slot_comes(server, waiting, 8)
        bot.stop()
        typed("Back it up", 1, **places(server))
    over = time.monotonic() + 12
    assert [seen(words) for words in (DIGEST, CARD, AGAIN)] == [1, 2, 0]
    restored = Server(tmp_path / "restored", **SETTINGS)
    restored.folder.mkdir()
    typed("Restore it", 0, **places(restored))
    time.sleep(max(0, over - time.monotonic()))
    with restored:
        start_bot(REDIS_URL=restored.url)
        until(lambda: seen(DIGEST) == 2 and seen(AGAIN) == 1, 40)
        listed = ada.types("/slsdiag digest list").text
        assert posted in listed
        assert waiting in listed
        time.sleep(3)  # for whatever would come a second time
        assert [seen(words) for words in (DIGEST, CARD, AGAIN)] == [2, 2, 1]


@pytest.mark.slow
def test_a_restored_server_keeps_its_data_at_the_next_start(tmp_path, typed):
    """As it would not from the backup's file alone."""
    with Server(tmp_path / "data", **SETTINGS) as server:
        server.client().set("slsdiag:test", "kept")
        typed("Back it up", 1, **places(server))
    restored = Server(tmp_path / "restored", **SETTINGS)
    restored.folder.mkdir()
    typed("Restore it", 0, **places(restored))
    for _ in range(2):
        with restored:
            assert restored.client().get("slsdiag:test") == "kept"


def test_the_embedded_store_is_copied_while_the_bot_is_stopped(tmp_path, typed):
    state = tmp_path / "state"
    with Embedded(state) as url, connect(url) as redis:
        redis.set("slsdiag:test", "kept")
    typed("Back it up", 2, SLSDIAG_STATE_DIR=str(state))
    shutil.rmtree(state)
    state.mkdir()
    typed("Restore it", 1, SLSDIAG_STATE_DIR=str(state))

    with Embedded(state) as url, connect(url) as redis:
        assert redis.get("slsdiag:test") == "kept"
