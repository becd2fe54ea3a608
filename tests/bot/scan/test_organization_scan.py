"""A small organization of benchmarks/organization_fleet.py: half of its accounts refuse, in six ways."""

from __future__ import annotations

import json

import pytest

from benchmarks import organization_fleet as planted
from bot.aws import parallel
from bot.cli import main


@pytest.fixture
def fleet(aws, monkeypatch):
    for name, value in planted.settings().items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(planted, "UNITS", 3)
    monkeypatch.setattr(parallel, "published_rate", lambda *_: None)
    return planted.plant(aws, 12, 108, refusing=2)


@pytest.mark.parametrize(
    ("words", "more"), [(["--quick"], 1.1), pytest.param([], 12, marks=pytest.mark.slow)]
)
def test_each_account_is_in_the_result_once_and_none_is_falsely_healthy(
    fleet, aws, capsys, words, more
):
    """The first tier calls little more than it must; the second, one check's calls a function."""
    assert len({*fleet.refusing.values()}) == 6
    main(("scan", "--json", *words))
    document = json.loads(capsys.readouterr().out)
    calls = {call: aws.calls.count(call) for call in aws.calls}
    result = planted.judged(fleet, document, {str(it): n for it, n in calls.items()})

    assert (result.wrong, result.false_healthy) == (0, 0)
    assert result.functions == fleet.functions == 54
    assert result.calls <= more
    assert "GetCallerIdentity" not in {
        call.operation for call in aws.calls if call.account != "123456789012"
    }
