"""Numbers agree with their nouns."""

from __future__ import annotations

import re

import pytest
from by_code import BY_CODE
from planted import PLANTED
from situations import (
    FIREHOSE,
    LATELY,
    LONG_AGO,
    NOON,
    a_log,
    a_payload,
    evidence,
    seen,
)
from worlds import MINUTE, a_log_of

from checks.evidence import Alias, DeliveryStream, Filter, Forwarding, Invocations, NoStack, Traffic
from checks.grammar import counted, others, times, verb
from checks.log.line import Kind, LogLine
from checks.runbook import walk


@pytest.mark.parametrize(
    ("number", "said"),
    [(0, "0 payloads"), (1, "1 payload"), (2, "2 payloads"), (1200, "1,200 payloads")],
)
def test_noun_agrees_with_its_number(number, said):
    assert counted(number, "payload") == said


@pytest.mark.parametrize(("number", "said"), [(0, "no others"), (1, "1 other"), (2, "2 others")])
def test_what_stands_beside_it_is_counted(number, said):
    assert others(number) == said


@pytest.mark.parametrize(
    ("number", "how_often", "be"),
    [(1, "once", "is"), (2, "2 times", "are"), (1200, "1,200 times", "are")],
)
def test_verb_agrees_and_once_has_its_word(number, how_often, be):
    assert (times(number), verb(number)) == (how_often, be)


CALLED_ONCE = Invocations(((LATELY, 60, 1),), LONG_AGO)
SAMPLED = a_log(seen(Kind.TELEMETRY, payload=a_payload(sampled_out=True)))
OF_ONE = [
    {"invocations": CALLED_ONCE, "log": a_log()},
    {"invocations": CALLED_ONCE, "log": a_log(), "log_group": None},
    {"traffic": Traffic((Alias("live", "7", 1, instrumented=True),))},
    {"traffic": Traffic((Alias("live", "7", 1, instrumented=False),))},
    {"forwarding": Forwarding(0, 1)},
    {"forwarding": Forwarding(1, 1)},
    {"filters": (Filter("other", FIREHOSE + "-of-others"),)},
    {"log_firehose": DeliveryStream(FIREHOSE, "ACTIVE", records_in=1, delivered_share=1.0)},
    {"log": SAMPLED},
    {"log": a_log_of(["timed_out", "payload"])},
    {"log": a_log_of(["payload", "bare"])},
    {"log": a_log(LogLine(Kind.HANDLER_RAN, NOON - 16 * MINUTE, "r-1"))},
    {"stack": NoStack(searched=("eu-west-1",)), "role": None},
]
SITUATIONS = [
    *OF_ONE,
    *(case.values[0] for case in PLANTED),
    *(changes for codes in BY_CODE.values() for changes in codes.values()),
]
DISAGREES = re.compile(
    r"(?<![\w.,/:-])1 (?!of\b)(?:\w+ )?(?!is\b|was\b|its\b|has\b)\w*[a-rt-z]s\b"
    r"|(?<![\w.,/:-])1 (?:of \d+ )?\w+ are\b"
)


def test_one_is_not_many_wherever_people_read():
    for changes in SITUATIONS:
        report = walk(evidence(**changes))
        said = [report.summary, report.headline or ""]
        for line in report.steps:
            said += [line.saw, line.headline or "", *(action.sentence for action in line.actions)]
        assert [each for each in said if DISAGREES.search(each)] == []
