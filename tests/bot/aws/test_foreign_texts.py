"""AWS's and the account owner's texts, over the wire: without secrets, wherever they end up."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.aws.evidence import inventory
from bot.aws.evidence.gather import FunctionRequest, gather
from bot.diagnosis.support_text import bundle
from bot.playground.account.demo_functions import REGION, FakeFunction, healthy, healthy_account
from checks.evidence import Expected
from checks.function_ref import FunctionRef
from checks.report import as_json
from checks.runbook import walk

TOKEN = "ghp_" + "a1B2" * 9
SECRETS = (TOKEN, f"{TOKEN[:20]}\n  {TOKEN[20:]}", f"password={TOKEN[4:16]}", "a1B2c3D4e5" * 4)
NAME = "0123456789abcdef0123456789abcdef"
"""Of a function: like a key, but it must be told."""


def plant(bed: FakeFunction, secret: str) -> None:
    """Wherever an account may hold text that a report tells."""
    said = f"Code storage limit exceeded for {NAME}, key {secret}."
    bed.config.update(LastUpdateStatus="Failed", LastUpdateStatusReason=said)
    bed.config["Handler"] = f"/opt/{secret}/x.handler"
    bed.variables["AWS_LAMBDA_EXEC_WRAPPER"] = f"/opt/{secret}"
    bed.variables["SLS_ORG_ID"] = secret
    bed.variables["NODE_OPTIONS"] = f"--require /opt/{secret}.js"
    for n in range(2):
        bed.group.filters[f"{secret} {n}"] = f"arn:aws:lambda:{REGION}:123456789012:function:{NAME}"
    bed.region.tags[NAME] = {"team": f"call {secret}"}
    bed.account.region("us-east-1").stacks.clear()
    reason = f"Resource failed: {secret}"
    bed.account.stack(bed.now - timedelta(days=30), "UPDATE_ROLLBACK_FAILED", reason=reason)
    bed.log(bed.payload(org_id=secret, sdk_version=secret))


@pytest.fixture
def evidence(aws, account):
    """Of a function that is called like a key, with a secret in each text."""

    def gathered(secret: str):
        healthy_account(aws.account(), datetime.now(UTC))
        plant(healthy(aws.account(), NAME), secret)
        asked = FunctionRequest(account, REGION, FunctionRef(NAME), datetime.now(UTC))
        return gather(asked, expected=Expected(), answers={})

    return gathered


@pytest.mark.parametrize("secret", SECRETS)
def test_no_secret_of_a_text_passes_the_door(evidence, account, secret):
    """So that card, scan, history, store, log and the text for support agree (T14)."""
    found = evidence(secret)
    owners = inventory.owners(account, REGION, [found.function.arn], "team")

    held = repr((found, owners)) + bundle(walk(found)) + str(as_json(walk(found)))
    assert "[removed]" in found.function.error
    assert "[removed]" in owners[found.function.arn]
    for part in secret.split("\n  "):
        assert part.removeprefix("password=") not in held


def test_the_reports_own_names_stay(evidence):
    found = evidence(TOKEN)
    text = bundle(walk(found))

    assert f"Function: {NAME} ·" in text
    assert f"exceeded for {NAME}, key [removed]" in found.function.error
    assert {each.destination for each in found.filters} >= {
        f"arn:aws:lambda:{REGION}:123456789012:function:{NAME}"
    }


@pytest.mark.parametrize("org", ["8c5ae3c5-1111-4222-8333-444455556666", "KqSqj7vLqlLzhjl8GsXb"])
def test_an_org_id_may_look_random(gathered, bed, org):
    bed.variables["SLS_ORG_ID"] = org
    bed.log(bed.payload(org_id=org))

    found = gathered()

    assert found.environment["SLS_ORG_ID"] == org
    assert org in {each.org_id for each in found.log.payloads}
