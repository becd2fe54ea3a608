"""What a card's parts show; `card_rules.py` has the rules that hold for every report."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.diagnosis import data_path
from bot.diagnosis.all_checks import window
from bot.diagnosis.gather import function_check
from bot.diagnosis.styled import styled
from bot.diagnosis.summary import changed, changes_since, failed
from bot.playground.account.demo_functions import DEMO_FUNCTIONS, plant
from bot.target import Target
from checks.model import Symptom, Verdict
from checks.runbook import RUNBOOK
from checks.timeline import clock, to_the_second
from tests.bot.diagnosis.card_rules import texts


def planted(aws, wanted, language):
    bed = plant(aws.account(), wanted, language)
    return function_check(Target(bed.name)).report(Symptom.BOTH)


def test_every_check_has_a_hop_and_every_hop_a_check():
    hops = {step.hop for step in RUNBOOK}

    assert None not in hops
    assert set(data_path.TRACES) | set(data_path.METRICS) <= {
        *hops,
        data_path.Hop.FIREHOSE,
        data_path.Hop.DASHBOARD,
    }


def test_window_holds_every_check_in_order(aws):
    report = planted(
        aws, DEMO_FUNCTIONS["Datadog's wrapper"], DEMO_FUNCTIONS["Datadog's wrapper"].languages[0]
    )
    said = " ".join(texts(window(report, "wrapper_set")["blocks"]))
    places = [said.index(f"{step.number} {step.title}") for step in RUNBOOK]

    assert places == sorted(places)
    assert len(places) == 24
    assert said.count("the triage is here") == 1


def test_news_are_what_was_fixed_and_what_is_new(aws):
    ill = planted(
        aws, DEMO_FUNCTIONS["Datadog's wrapper"], DEMO_FUNCTIONS["Datadog's wrapper"].languages[0]
    )
    aws.accounts.clear()
    well = planted(aws, DEMO_FUNCTIONS["healthy"], DEMO_FUNCTIONS["healthy"].languages[0])

    assert changes_since(failed(ill), ill) is None
    assert changes_since(failed(well), well) is None
    assert changes_since(failed(ill), well).fixed == tuple(failed(ill).values())
    assert changes_since(failed(well), ill).new == tuple(failed(ill).values())
    assert "✅ Fixed: " in str(changed(well, changes_since(failed(ill), well))["blocks"])


def test_what_can_no_longer_be_read_is_not_called_fixed(aws):
    wanted = DEMO_FUNCTIONS["Datadog's wrapper"]
    ill = planted(aws, wanted, wanted.languages[0])
    unseen = next(step for step in failed(ill))
    lines = tuple(
        line if line.step != unseen else type(line)(**{**fields(line), "outcome": Verdict.UNKNOWN})
        for line in ill.steps
    )

    assert changes_since(failed(ill), type(ill)(**{**fields(ill), "steps": lines})) is None


def fields(value):
    return {name: getattr(value, name) for name in value.__slots__}


@pytest.mark.parametrize(
    "at",
    [
        datetime(2026, 1, 1, 0, 0, 5, tzinfo=UTC),
        datetime(2025, 12, 31, 23, 59, 59, tzinfo=UTC),
        datetime(2026, 6, 30, 12, 3, tzinfo=UTC),
        datetime(2024, 2, 29, 1, 1, tzinfo=UTC),
    ],
)
def test_times_of_sentences_become_dates(at):
    near = datetime(at.year, at.month, min(at.day, 28), tzinfo=UTC)
    for written, exact in ((clock, at.replace(second=0)), (to_the_second, at)):
        parts = [each.to_dict() for each in styled(f"Logged {written(at)}, again.", near)]

        assert [each["type"] for each in parts] == ["text", "date", "text"]
        assert parts[1]["timestamp"] == exact.timestamp()


def test_names_paths_and_actions_are_code():
    said = "Set SLS_ORG_ID, not /opt/x/wrapper.sh. Allow lambda:GetFunction on orders, 5/5 of it."
    parts = [each.to_dict() for each in styled(said, datetime.now(UTC), "orders")]
    code = [each["text"] for each in parts if each.get("style", {}).get("code")]

    assert code == ["SLS_ORG_ID", "/opt/x/wrapper.sh", "lambda:GetFunction", "orders"]
    assert "".join(each["text"] for each in parts) == said
