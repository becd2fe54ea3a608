"""Functions that share a cause, the document of a scan, and what its exit status says."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.aws.errors import RENEW, WRONG_KEY
from bot.errors import Denied, NoCredentials, SignedOut, Unreachable
from bot.scan.clusters import (
    as_json,
    clusters,
    clusters_by_state,
    counts,
    exit_status,
    many,
    nothing_seen,
    seen_of,
)
from bot.scan.headline import headline
from bot.scan.lines import named_cause, ranked
from bot.scan.model import Cluster, ProblemClass, Scan, Seen, Unreadable

NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)
BLIND, QUIET, BARE = ProblemClass.BLIND, ProblemClass.QUIET, ProblemClass.NOT_INSTRUMENTED
HEALTHY = Seen("fine", "eu-west-1", "1", "healthy", exact=True)
DENIED = Unreadable("1", "eu-west-3", "Denied.", denied=True)
SILENT = Unreadable("1", "eu-west-2", "No answer.")


def broken(name, cause="wrapper_set", kind=BLIND, **changes):
    return replace(Seen(name, "eu-west-1", "1", "problem", cause, kind), **changes)


def scan(*seen, unreadable=(), **changes):
    return Scan(NOON, seen, tuple(unreadable), **changes)


def test_blind_come_first_then_the_largest_then_by_cause():
    seen = [
        broken("g", "function_instrumented", BARE),
        broken("f", "invoked", QUIET),
        broken("e", "invoked", QUIET),
        broken("d", "b_cause"),
        broken("c", "a_cause"),
        *(broken(name, "large") for name in "zy"),
        HEALTHY,
        replace(HEALTHY, kind=BLIND),
        replace(HEALTHY, cause="no_class"),
    ]

    assert [(each.cause, each.kind, len(each.functions)) for each in clusters(seen)] == [
        ("large", BLIND, 2),
        ("a_cause", BLIND, 1),
        ("b_cause", BLIND, 1),
        ("invoked", QUIET, 2),
        ("function_instrumented", BARE, 1),
    ]


def test_functions_of_a_cluster_stand_by_account_region_and_name():
    seen = [
        broken("a", account="2"),
        broken("b", region="us-east-1"),
        broken("c"),
        broken("b"),
    ]
    (found,) = clusters(seen)

    places = [(each.account, each.region, each.name) for each in found.functions]
    assert places == sorted(places)
    assert len(places) == 4


def test_one_cause_of_two_classes_is_two_clusters():
    assert len(clusters([broken("a"), broken("b", kind=QUIET)])) == 2


def test_verdicts_are_counted_the_most_first():
    seen = [HEALTHY, broken("a"), broken("b")]

    assert list(counts(seen).items()) == [("problem", 2), ("healthy", 1)]


@pytest.mark.parametrize(
    ("saws", "most"),
    [
        (("x", "x", "y"), "x"),
        (("x", "y"), None),  # half is not most
        (("x", None), None),
        ((None, None), None),
        (("x",), "x"),
    ],
)
def test_what_was_seen_is_that_of_most(saws, most):
    functions = tuple(broken(str(n), saw=saw) for n, saw in enumerate(saws))

    assert seen_of(Cluster("wrapper_set", BLIND, functions)) == most


def test_numbers_agree():
    assert [many(n) for n in (0, 1, 2, 2000)] == [
        "0 functions",
        "1 function",
        "2 functions",
        "2,000 functions",
    ]


@pytest.mark.parametrize(
    ("result", "status"),
    [
        pytest.param(scan(HEALTHY), 0, id="all well"),
        pytest.param(scan(), 0, id="no functions"),
        pytest.param(scan(HEALTHY, broken("a")), 1, id="one blind"),
        pytest.param(scan(broken("a"), unreadable=[DENIED]), 1, id="blind, and one unread"),
        pytest.param(scan(broken("a", kind=QUIET)), 0, id="quiet only"),
        pytest.param(scan(HEALTHY, unreadable=[DENIED], places=2), 3, id="one place unread"),
        pytest.param(scan(replace(HEALTHY, verdict="undetermined")), 3, id="undetermined"),
        pytest.param(scan(replace(HEALTHY, verdict="waiting")), 3, id="waiting"),
        pytest.param(scan(unreadable=[DENIED, SILENT], places=2), 4, id="nothing read"),
        pytest.param(scan(unreadable=[DENIED, DENIED], places=2), 3, id="one place read, empty"),
        pytest.param(scan(HEALTHY, unreadable=[DENIED]), 3, id="a place read in part"),
    ],
)
def test_exit_status(result, status):
    assert exit_status(result) == status


@pytest.mark.parametrize(
    ("unreadable", "error"),
    [
        ([DENIED], Denied),
        ([SILENT, DENIED], Denied),
        ([SILENT], Unreachable),
        ([Unreadable("1", "eu-west-1", RENEW.why)], SignedOut),
        ([Unreadable("1", "eu-west-1", WRONG_KEY.why)], NoCredentials),
        ([Unreadable("1", "eu-west-1", RENEW.why), SILENT], Unreachable),
    ],
)
def test_complaint_where_nothing_could_be_read(unreadable, error):
    found = nothing_seen(scan(unreadable=unreadable))

    assert type(found) is error
    assert all(each.why in str(found) for each in unreadable)


def test_complaint_names_three_places_and_each_once():
    places = [Unreadable("1", f"region-{n}", "No answer.") for n in range(4)]
    said = str(nothing_seen(scan(unreadable=[*places[:2], places[0], *places[2:]])))

    assert [said.count(f"region-{n}") for n in range(4)] == [1, 1, 1, 0]


def test_document_lists_what_is_news_or_all():
    result = scan(
        HEALTHY,
        broken("a", exact=True),
        broken("b", "invoked", QUIET),
        unreadable=[DENIED],
    )
    document = as_json(result)

    assert list(document) == [
        "schema",
        "checked_at",
        "functions",
        "verdicts",
        "causes",
        "verified_exactly",
        "coverage",
        "unreadable",
    ]
    assert (document["schema"], document["functions"], document["verified_exactly"]) == (1, 3, 2)
    assert document["verdicts"] == {"problem": 2, "healthy": 1}
    assert document["unreadable"] == [
        {"account": "1", "region": "eu-west-3", "why": "Denied."},
    ]
    blind, quiet = document["causes"]
    where = {"region": "eu-west-1", "account": "1"}
    assert blind == {
        "cause": "wrapper_set",
        "class": "blind",
        "headline": None,
        "count": 1,
        "functions": [{"name": "a", **where, "impact": None}],
    }
    assert (quiet["count"], quiet["functions"]) == (1, [])
    whole = as_json(result, all_functions=True)["causes"][1]
    assert whole["functions"] == [{"name": "b", **where, "impact": None}]


def test_what_is_down_comes_first_and_counts_as_news():
    down = broken("d", kind=ProblemClass.DOWN, impact="down", headline="Gone")
    found = clusters([*[broken(f"b{n}") for n in range(3)], down])

    assert [(each.kind, each.headline) for each in found] == [
        (ProblemClass.DOWN, "Gone"),
        (BLIND, None),
    ]
    assert [each.is_news for each in found] == [True, True]
    assert exit_status(scan(down)) == 1
    assert as_json(scan(down))["causes"][0]["functions"][0]["impact"] == "down"


def test_what_reports_in_part_stands_apart_from_what_does_not_report():
    """Each list of people's has as many functions as the first line says; scripts have one entry."""
    partly = [broken(name, impact="partial") for name in ("b", "c")]
    result = scan(broken("a", impact="blind"), *partly)
    first, second = clusters_by_state(result.seen)

    assert [[each.name for each in it.functions] for it in (second, first)] == [["a"], ["b", "c"]]
    assert [ranked(it, result)[0] for it in (second, first)] == ["🟠", "🟡"]
    assert first.key != second.key
    assert headline(result) == "🟠 1 not reporting · 🟡 2 partly reporting · 0 of 3 healthy"
    assert [cause["count"] for cause in as_json(result)["causes"]] == [3]


def test_notes_are_named_among_the_healthy():
    notes = [replace(HEALTHY, name=name, verdict="notice") for name in ("a", "b")]

    assert headline(scan(HEALTHY, *notes)) == "✅ 3 of 3 healthy (🔵 2 with a note)"


def test_cause_with_several_reasons_says_that_there_are_others():
    """The same check may fail for another reason in each function."""
    one, two = (broken(name, headline="Blanks around the path") for name in "ab")
    (alike,) = clusters([one, two])
    (mixed,) = clusters([one, two, broken("c", headline="No such wrapper")])

    assert named_cause(alike) == "Blanks around the path"
    assert named_cause(mixed) == "Blanks around the path (+1 other reason)"
