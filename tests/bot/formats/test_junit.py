"""JUnit's XML: what Jenkins accepts, and what GitLab shows."""

from __future__ import annotations

from xml.etree.ElementTree import fromstring

import pytest
from hostile import HOSTILE, findings
from hypothesis import given, settings
from hypothesis import strategies as st
from junit_rules import complaints

from bot.formats import junit
from bot.formats.findings import Finding, Findings, Unknown
from bot.formats.junit import Case, Outcome, Suite
from bot.formats.lint import as_junit
from bot.formats.wording import shown

WHERE = ("serverless.yml", 7, 5, "orders")


def a_finding(outcome="problem", step="wrapper_set", where=WHERE):
    return Finding(*where, step, outcome, "Datadog owns the exec wrapper", ())


def root_of(text):
    """Parsed as a build server does: by bytes, with the declaration's encoding."""
    root = fromstring(text.encode("utf-8"))  # noqa: S314 - our own
    assert complaints(root) == []
    return root


def test_a_problem_fails_the_unknown_is_an_error_and_a_notice_passes():
    unknown = Unknown("serverless.yml", 3, "carts", "layer_attached", "${ssm:/layers}")
    given = Findings(1, 2, (a_finding(), a_finding("notice", "layer_slot_to_spare")), (unknown,))
    (suite,) = root_of(as_junit(given))
    ends = {case.get("name"): (case.get("classname"), case[0].tag) for case in suite}

    assert suite.get("name") == "serverless.yml"
    assert ends == {
        "wrapper_set": ("serverless.yml.orders", "failure"),
        "layer_slot_to_spare": ("serverless.yml.orders", "system-out"),
        "layer_attached": ("serverless.yml.carts", "error"),
    }
    assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == ("3", "1", "1")
    assert suite[0][0].get("message") == "Datadog owns the exec wrapper"
    assert suite[0][0].text == "Datadog owns the exec wrapper\nserverless.yml:7:5"


def test_nothing_found_is_a_test_that_passed():
    (suite,) = root_of(as_junit(Findings(2, 3, ())))

    assert [case[0].tag for case in suite] == ["system-out"]
    assert suite[0][0].text == "3 functions in 2 files, no problems."


def test_two_findings_of_one_step_are_two_cases():
    where = [WHERE, ("serverless.yml", 9, 5, "orders"), ("serverless.yml", 11, 5, "orders")]
    given = Findings(1, 1, tuple(a_finding(where=each) for each in where))
    (suite,) = root_of(as_junit(given))

    assert [case.get("name") for case in suite] == [
        "wrapper_set",
        "wrapper_set (2)",
        "wrapper_set (3)",
    ]


def test_numbers_never_meet_a_name_that_is_there_already():
    names = ["a", "a (2)", "a", "a\x00", "aU+0000"]
    cases = [Case(name, "c", Outcome.PASSED) for name in names]
    (suite,) = root_of(junit.document([Suite("s", cases)]))
    written = [case.get("name") for case in suite]

    assert len(set(written)) == len(names)


def test_hostile_texts_come_back_as_they_are_shown():
    given = findings()
    root = root_of(as_junit(given))
    cases = list(root.iter("testcase"))
    by_suite = {}
    for each in given.every:
        by_suite.setdefault(each.file, []).append(each)
    expected = [each for group in by_suite.values() for each in group]

    assert len(HOSTILE) == len(set(HOSTILE)) == 200
    assert len(cases) == len(expected) == 400
    for case, each in zip(cases, expected, strict=True):
        said = each.headline if isinstance(each, Finding) else each.why
        assert case[0].text.split("\n")[0] == shown(said)
        assert case.get("classname") == shown(f"{each.file}.{each.function or '(shared)'}")
        assert "planted" not in case.get("name")


def test_the_document_is_ascii_so_no_encoding_breaks_it():
    assert as_junit(findings(["日本", "–"])).isascii()


@pytest.mark.parametrize("text", HOSTILE[::10])
def test_an_error_is_a_document_as_well(text):
    root = root_of(junit.error("check", "usage", text))

    assert root.get("errors") == "1"
    assert root.find("testsuite/testcase/error").get("message") == shown(text)


@given(st.text(st.characters(codec=None, exclude_categories=()), max_size=30))
@settings(max_examples=60)
def test_any_text_is_well_formed(text):
    root = root_of(
        junit.document([Suite(text, [Case(text, text, Outcome.FAILURE, "x", text, [text])])])
    )

    assert root.find("testsuite").get("name") == shown(text)
