"""Whose store it is, and whether it has forgotten everything."""

from __future__ import annotations

import pytest
import structlog

from bot.errors import UsageError
from bot.store.connection import connect
from bot.store.identity import Recognition, StoreIdentity


@pytest.fixture
def home(redis, tmp_path):
    """One process's, of the team T1 unless another is named."""

    def home(team="T1", memory=None):
        return StoreIdentity(redis, team, "REDIS_URL", memory)

    return home


def test_the_first_workspace_stays_and_any_other_is_refused(home):
    home().require()
    home().require()
    with pytest.raises(
        UsageError, match="REDIS_URL names a store that belongs to another"
    ) as raised:
        home("T2").require()
    assert "\n" not in str(raised.value)


def test_of_two_that_come_at_once_one_is_at_home(redis, redis_url):
    with connect(redis_url) as other:
        pair = [StoreIdentity(redis, "T1", "REDIS_URL"), StoreIdentity(other, "T2", "REDIS_URL")]
        assert [each.check() for each in pair] == [Recognition.SAME, Recognition.FOREIGN]
        assert [each.ours for each in pair] == [True, False]


def test_a_store_that_forgot_is_said_once_by_all_processes(home, redis):
    first, second = home(), home()
    assert {first.check(), second.check()} == {Recognition.SAME}
    with structlog.testing.capture_logs() as logs:
        redis.flushall()
        assert (first.check(), second.check()) == (Recognition.LOST, Recognition.LOST_BEFORE)
        assert {first.check(), second.check(), home().check()} == {Recognition.SAME}
    assert [it["event"] for it in logs] == ["store_forgot"]


def test_the_next_start_knows_by_the_state_folder(home, redis, tmp_path):
    with structlog.testing.capture_logs() as logs:
        home(memory=tmp_path / "store-name").require()
        assert home(memory=tmp_path / "store-name").check() is Recognition.SAME
        redis.flushall()
        assert home(memory=tmp_path / "store-name").check() is Recognition.LOST
        assert home(memory=tmp_path / "store-name").check() is Recognition.SAME
    assert [it["event"] for it in logs] == ["store_forgot"]


def test_without_a_folder_nothing_is_written_and_a_new_store_is_no_loss(home, redis, tmp_path):
    assert home(memory=tmp_path / "none/store-name").check() is Recognition.SAME
    assert list(tmp_path.iterdir()) == []
    redis.flushall()
    assert home().check() is Recognition.SAME


def test_another_store_is_said(home, redis):
    here = home()
    here.check()
    redis.hset("slsdiag:home", "name", "of-another")
    with structlog.testing.capture_logs() as logs:
        assert here.check() is Recognition.ANOTHER
    assert [it["event"] for it in logs] == ["store_is_another_one"]


def test_who_loses_the_store_to_another_workspace_knows_until_it_has_it_back(home, redis):
    here = home()
    here.check()
    with structlog.testing.capture_logs() as logs:
        redis.hset("slsdiag:home", "team", "T2")
        here.check()
        assert not here.ours
        redis.hset("slsdiag:home", "team", "T1")
        here.check()
        assert here.ours
    assert [it["event"] for it in logs] == ["store_of_another_workspace", "store_is_ours_again"]
