"""The planted demo functions: one for each cause, payloads that the vendor's own schema reads."""

from __future__ import annotations

import base64
import gzip
import importlib

import pytest

from bot.playground.account.demo_functions import CANARIES, DEMO_FUNCTIONS, demo, plant
from bot.playground.account.model import AwsAccount
from bot.playground.account.payloads import telemetry_line
from checks.log.telemetry import decode
from checks.runbook import RUNBOOK

PLANTED = [
    pytest.param(name, language, id=f"{name} {language.kind}")
    for name, wanted in DEMO_FUNCTIONS.items()
    for language in wanted.languages
]
NEVER_A_CAUSE_HERE = {"region_supported"}
"""Its causes need another partition or region than the demo account's."""


def test_there_is_a_demo_function_for_every_cause() -> None:
    causes = {wanted.cause for wanted in DEMO_FUNCTIONS.values()}
    assert {step.slug for step in RUNBOOK} - causes - NEVER_A_CAUSE_HERE == set()


@pytest.mark.parametrize(("name", "language"), PLANTED)
def test_every_demo_function_carries_the_canaries(name: str, language: object) -> None:
    account = AwsAccount("123456789012")
    bed = plant(account, DEMO_FUNCTIONS[name], language)  # type: ignore[arg-type]
    assert set(CANARIES) <= set(bed.variables.values())


def test_the_demo_account_has_checkout_and_a_dozen_broken_ones() -> None:
    account = AwsAccount("123456789012")
    functions = demo(account)
    assert functions["checkout"] == "healthy"
    assert len(functions) > 12
    assert set(functions) == set(account.region("eu-west-1").functions)


@pytest.mark.parametrize("sampled_out", [False, True])
def test_a_payload_reads_the_same_by_our_decoder_and_the_vendors(*, sampled_out: bool) -> None:
    line = telemetry_line(
        service="checkout", org_id="org-x", request_id="r-9", sampled_out=sampled_out
    )
    ours = decode(line)
    schema = importlib.import_module("serverless_sdk_schema")
    raw = gzip.decompress(base64.b64decode(line.rpartition(".")[2]))
    theirs = schema.TracePayload.FromString(raw)
    tags = getattr(theirs.spans[0].tags.aws, "lambda")
    wanted = ("org-x", "checkout", "r-9", sampled_out)
    assert (ours.org_id, ours.service, ours.request_id, ours.sampled_out) == wanted
    assert (
        theirs.sls_tags.org_id,
        theirs.sls_tags.service,
        tags.request_id,
        theirs.is_sampled_out,
    ) == wanted
    assert ours.spans == tuple(span.name for span in theirs.spans)
    assert (ours.outcome, tags.outcome) == ("success", 1)
