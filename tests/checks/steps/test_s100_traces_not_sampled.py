"""Only payloads tell of sampling; what switches it off hangs on the SDK's version."""

from __future__ import annotations

from datetime import timedelta

import pytest
from situations import (
    LATELY,
    OURS_NODE,
    YESTERDAY,
    a_function,
    a_log,
    a_payload,
    outcome_of,
    seen,
)

from checks.evidence import Missing
from checks.log.sample import Kind
from checks.model import Verdict


def payloads(*sampled, version="0.15.15", at=LATELY):
    return a_log(
        *(
            seen(
                Kind.TELEMETRY,
                at + timedelta(seconds=n),
                a_payload(sampled_out=out, sdk_version=version),
            )
            for n, out in enumerate(sampled)
        )
    )


def tried(log, environment=OURS_NODE, **changes):
    function = a_function(**changes)
    return outcome_of("traces_not_sampled", log=log, environment=environment, function=function)


def test_none_is_sampled_out():
    outcome = tried(payloads(False, False))

    assert (outcome.verdict, "2 payloads read, none" in outcome.saw) == (Verdict.OK, True)


def test_some_are_sampled_out_by_design():
    outcome = tried(payloads(True, False, True))

    assert (outcome.verdict, outcome.code) == (Verdict.NOTICE, "sampled_out")
    assert "2 of 3" in outcome.headline
    assert "2 of 3 payloads; their traces do not show" in outcome.saw
    assert "1 of 2 payloads; its trace does not show" in tried(payloads(True, False)).saw
    assert outcome.impact is None


def test_missing_payload_is_never_sampling():
    assert tried(a_log(seen(Kind.FINISHED))).verdict is Verdict.SKIPPED


def test_payloads_from_before_the_change_do_not_count():
    old = payloads(True, at=YESTERDAY - timedelta(hours=1))

    assert tried(old).verdict is Verdict.SKIPPED


def test_payload_that_cannot_be_decoded_leaves_it_unknown():
    outcome = tried(a_log(seen(Kind.UNDECODABLE)))

    assert (outcome.verdict, outcome.code) == (Verdict.UNKNOWN, "not_readable")


@pytest.mark.parametrize(
    ("runtime", "version", "words", "advised"),
    [
        ("nodejs22.x", "0.15.15", "does nothing on Node.js SDK 0.15.15", False),
        ("nodejs22.x", "", "does nothing on Node.js SDK 0.15.15", False),
        ("python3.12", "0.3.0", "SDK 0.3.0 does not know", False),
        ("python3.12", "0.2.9", "SDK 0.2.9 does not know", False),
        ("python3.12", "0.3.1", "keeps every error", True),
        ("python3.12", "0.3.3", "keeps every error", True),
        ("python3.12", "", "keeps every error", True),
        (None, "0.3.3", "keeps every error", False),
    ],
)
def test_switch_is_advised_only_where_it_works(runtime, version, words, advised):
    outcome = tried(payloads(True, version=version), runtime=runtime)

    assert words in outcome.saw
    assert bool(outcome.actions) is advised
    if advised:
        assert "SLS_DISABLE_TRACE_SAMPLING" in outcome.actions[0].command
        assert "does not know" not in outcome.saw


def test_frozen_version_gets_the_switch_by_a_deployment():
    outcome = tried(payloads(True), runtime="python3.12", qualifier="live", version="7")

    assert outcome.actions[0].command is None
    assert "new version is published" in outcome.actions[0].do


@pytest.mark.parametrize(
    ("environment", "is_said"),
    [
        (OURS_NODE | {"SLS_DISABLE_TRACE_SAMPLING": "false"}, True),
        (OURS_NODE | {"SLS_DISABLE_TRACE_SAMPLING": ""}, False),
        (OURS_NODE, False),
        (Missing("Denied."), False),
    ],
)
def test_switch_that_is_set_without_effect_is_said(environment, is_said):
    outcome = tried(payloads(True), environment)

    assert ("is set, without effect" in outcome.saw) is is_said
