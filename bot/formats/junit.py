"""
JUnit's XML, which every build server reads.

It has no standard. What is written is what Jenkins's xunit plugin accepts (junit-10.xsd): no file
and line of a test case, so these stand in its text. The report is without failures and errors
exactly when the exit status is 0: what could not be decided is an error, never a test that passed
or was skipped.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from itertools import chain, count
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from bot.formats.wording import paragraphs, shown

_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>'


class Outcome(StrEnum):
    """How a test case ended, by the name of its element."""

    PASSED = "system-out"
    FAILURE = "failure"
    ERROR = "error"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Case:
    """One test case."""

    name: str
    classname: str
    """Groups the cases; GitLab shows it as the suite."""
    outcome: Outcome
    kind: str = ""
    """What the outcome is called by slsdiag: "unknown"."""
    message: str = ""
    """One line; of a case that passed, nobody shows it."""
    details: Sequence[str] = ()
    """Lines of the text below it."""


@dataclass(frozen=True, slots=True)
class Suite:
    """Cases that belong together. `timestamp` is RFC 3339."""

    name: str
    cases: Sequence[Case]
    timestamp: str | None = None


def document(suites: Sequence[Suite]) -> str:
    """The whole report, in ASCII: it is well-formed whatever encoding it is written with."""
    cases = [case for suite in suites for case in suite.cases]
    root = Element("testsuites", {"name": "slsdiag", **_counts(cases)})
    for suite in suites:
        _add(root, suite)
    indent(root)
    return f"{_DECLARATION}\n{tostring(root, encoding='us-ascii', xml_declaration=False).decode()}"


def error(verb: str, code: str, message: str) -> str:
    """The report of a run in which nothing could be checked."""
    case = Case(verb, "slsdiag", Outcome.ERROR, code, message)
    return document([Suite("slsdiag", [case])])


def _counts(cases: Sequence[Case]) -> dict[str, str]:
    counts = Counter(case.outcome for case in cases)
    return {
        "tests": str(len(cases)),
        "failures": str(counts[Outcome.FAILURE]),
        "errors": str(counts[Outcome.ERROR]),
    }


def _add(root: Element, suite: Suite) -> None:
    skipped = sum(case.outcome is Outcome.SKIPPED for case in suite.cases)
    about = {"name": shown(suite.name), **_counts(suite.cases), "skipped": str(skipped)}
    if suite.timestamp:
        about["timestamp"] = suite.timestamp
    element = SubElement(root, "testsuite", about)
    for name, case in _named(suite.cases):
        attributes = {"name": name, "classname": shown(case.classname)}
        _end(SubElement(element, "testcase", attributes), case)


def _named(cases: Iterable[Case]) -> Iterator[tuple[str, Case]]:
    """Each with its name; GitLab drops a second one of a class, so that one gets a number."""
    taken: set[tuple[str, str]] = set()
    numbers: dict[tuple[str, str], count[int]] = defaultdict(partial(count, 2))
    for case in cases:
        name, classname = shown(case.name), shown(case.classname)
        numbered = (f"{name} ({number})" for number in numbers[name, classname])
        names = chain([name], numbered)
        free = next(each for each in names if (each, classname) not in taken)
        taken.add((free, classname))
        yield free, case


def _end(element: Element, case: Case) -> None:
    """How it ended; GitLab shows only the text, Jenkins the message first."""
    text = paragraphs([case.message, *case.details])
    if case.outcome is not Outcome.PASSED:
        attributes = {"type": case.kind, "message": shown(case.message)}
        SubElement(element, case.outcome.value, attributes).text = text
    elif text:
        SubElement(element, case.outcome.value).text = text
