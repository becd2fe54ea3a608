"""What is kept of AWS is what was read, and is never a part that could not be read."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.aws.accounts import Accounts
from bot.aws.evidence.gather import gather
from bot.aws.evidence.request import FunctionRequest
from bot.aws.local_flight import UnderWay
from bot.diagnosis.cached import EvidenceCache
from bot.playground.account.demo_functions import DEMO_FUNCTIONS, plant
from bot.settings import read_aws_settings
from bot.store.sharing import SharedValues
from checks.evidence import Expected
from checks.function_ref import FunctionRef

MINUTE = timedelta(minutes=1)


@pytest.fixture
def look(aws, redis):
    account = Accounts(read_aws_settings({})).own
    store = SharedValues(redis)
    now = datetime.now(UTC)

    def read(
        name: str = "checkout",
        *,
        fresh: bool,
        qualifier: str | None = None,
        region: str = "eu-west-1",
    ):
        asked = FunctionRequest(account, region, FunctionRef(name, qualifier), now)
        cache = EvidenceCache(store, UnderWay(), MINUTE, fresh=fresh)
        return gather(asked, expected=Expected(), answers={}, cache=cache), cache

    return read


@pytest.mark.parametrize("name", sorted(DEMO_FUNCTIONS))
def test_what_was_kept_is_what_was_read(aws, look, name):
    wanted = DEMO_FUNCTIONS[name]
    bed = plant(aws.account(), wanted, wanted.languages[0])
    read, _ = look(bed.name, fresh=True, region=wanted.region)
    asked = len(aws.calls)

    kept, cache = look(bed.name, fresh=False, region=wanted.region)

    assert kept == read
    if cache.oldest:
        assert len(aws.calls) < asked * 2


def test_a_new_look_reads_all_of_it(aws, look):
    plant(aws.account(), DEMO_FUNCTIONS["healthy"], DEMO_FUNCTIONS["healthy"].languages[0])
    look(fresh=True)
    asked = len(aws.calls)

    assert look(fresh=True)[1].oldest is None
    assert len(aws.calls) >= asked * 2 - 1


def test_what_was_refused_is_not_kept(aws, look):
    plant(aws.account(), DEMO_FUNCTIONS["healthy"], DEMO_FUNCTIONS["healthy"].languages[0])
    aws.fail("firehose")
    look(fresh=True)
    aws.heal()

    evidence, _ = look(fresh=False)
    assert evidence.log_firehose.status == "ACTIVE"
