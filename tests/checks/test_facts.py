"""Facts are values with a source, and none that AWS's own models know is lacking."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from botocore.loaders import Loader

from bot.cli.runbook import facts_document, facts_text
from checks.facts import catalog as catalog_module
from checks.facts.catalog import catalog, lines, plain
from checks.facts.error_texts import REASON_CODES
from checks.facts.fact import Certainty, Fact
from checks.facts.limits import FILTERS, LAYERS
from checks.facts.log_classes import TAKES_FILTERS
from checks.facts.other_tools import TOOLS
from checks.facts.runtimes import LIFECYCLES, UNDATED
from checks.facts.sdk import NODE, RELEASED
from checks.facts.stack_states import FAILED, SOUND, STACK_STATES, StackState, state_of
from checks.facts.states import FUNCTION_FAILS, STREAM_STATES, UPDATE_FAILED


def known_to_aws(service, *shapes):
    """The words of those enumerations, by the pinned botocore."""
    model = Loader().load_service_model(service, "service-2")["shapes"]
    return {word for shape in shapes for word in model[shape]["enum"]}


@pytest.mark.parametrize(
    ("service", "shapes", "known"),
    [
        ("lambda", ["Runtime"], {*LIFECYCLES.value, *UNDATED.value}),
        ("lambda", ["State"], FUNCTION_FAILS.value),
        ("lambda", ["LastUpdateStatus"], UPDATE_FAILED.value),
        ("lambda", ["StateReasonCode", "LastUpdateStatusReasonCode"], REASON_CODES.value),
        ("logs", ["LogGroupClass"], TAKES_FILTERS.value),
        ("firehose", ["DeliveryStreamStatus"], STREAM_STATES.value),
        ("cloudformation", ["StackStatus"], STACK_STATES.value),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_every_word_that_aws_has_is_known_and_no_other(service, shapes, known):
    assert set(known) == known_to_aws(service, *shapes)


def test_no_runtime_has_dates_and_none():
    assert not set(LIFECYCLES.value) & UNDATED.value


def test_dates_of_a_runtime_are_in_order():
    for runtime, each in LIFECYCLES.value.items():
        assert each.deprecated < each.updates_blocked, runtime


def test_states_of_a_stack_are_judged_once():
    assert state_of("CREATE_COMPLETE") is StackState.READY
    assert state_of("SOMETHING_NEW") is None
    assert {StackState.UPDATE_UNDONE} == SOUND & FAILED
    assert {StackState.CHANGING, StackState.BEING_DELETED, StackState.NOT_EXECUTED}.isdisjoint(
        SOUND | FAILED
    )


def test_catalog_holds_every_fact_of_the_folder_once():
    names = [fact.name for fact in catalog()]

    assert len(names) == len(set(names))
    assert {FILTERS.name, LAYERS.name, RELEASED.name, TOOLS.name} <= set(names)
    assert len(names) >= 20


def test_every_fact_says_where_it_comes_from_and_when_that_was_read():
    for fact in catalog():
        assert fact.source, fact.name
        assert fact.read_on >= date(2026, 11, 29), fact.name
        assert not fact.source.endswith("."), fact.name


def test_facts_are_listed_for_programs():
    document = json.loads(json.dumps(facts_document()))
    by_name = {each["name"]: each for each in document["facts"]}

    assert document["schema"] == 1
    assert by_name[LAYERS.name] == {
        "name": LAYERS.name,
        "value": 5,
        "certainty": "documented",
        "source": LAYERS.source,
        "read_on": "2026-11-29",
    }
    assert by_name[LIFECYCLES.name]["value"]["nodejs22.x"] == {
        "deprecated": "2027-04-30",
        "updates_blocked": "2027-07-01",
    }
    assert by_name[TAKES_FILTERS.name]["value"]["ESSENTIALS"] is None
    assert by_name[RELEASED.name]["value"].startswith("2023-10")
    assert by_name[FILTERS.name]["certainty"] == "contested"


def test_facts_are_listed_for_people():
    text = facts_text()

    assert f"{LAYERS.name}\n  5\n  (documented: {LAYERS.source}; read 29 Nov 2026)\n" in text
    assert "  INFREQUENT_ACCESS: no\n" in text
    assert "  ESSENTIALS: not known\n" in text
    assert "  nodejs22.x: deprecated 2027-04-30; updates_blocked 2027-07-01\n" in text
    assert text.count("read 29 Nov 2026)") == len(catalog())


@pytest.mark.parametrize(
    ("value", "of_json", "shown"),
    [
        (5, 5, ["5"]),
        (1, 1, ["1"]),
        (True, True, ["yes"]),
        (None, None, ["not known"]),
        ((2, 5), [2, 5], ["2, 5"]),
        (frozenset({"b", "a"}), ["a", "b"], ["a, b"]),
        (timedelta(minutes=15), "15 minutes", ["15 minutes"]),
        (date(2026, 1, 2), "2026-01-02", ["2026-01-02"]),
        (Certainty.TRIED, "tried", ["tried"]),
        ({"a": False, "b": Certainty.READ}, {"a": False, "b": "read in the source"}, None),
    ],
)
def test_values_of_each_type(value, of_json, shown):
    assert plain(value) == of_json
    assert list(lines(value)) == (shown or ["a: no", "b: read in the source"])


def test_value_with_parts_has_a_line_each():
    rows = list(lines((NODE, NODE)))

    assert len(rows) == 2
    assert rows[0].startswith("key node; shown Node.js; wrapper /opt/sls-sdk-node/exec-wrapper.sh")
    assert "sampling_switch_since 0, 15, 14" in rows[0]


def test_fact_that_a_module_merely_imports_is_not_listed_twice(monkeypatch):
    monkeypatch.setattr(catalog_module.checks.facts.limits, "AGAIN", LAYERS, raising=False)

    assert [fact.name for fact in catalog()].count(LAYERS.name) == 1
    assert isinstance(LAYERS, Fact)
