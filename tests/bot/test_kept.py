"""What is kept of AWS is what was read, and is never a part that could not be read."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.aws.asked import Asked
from bot.aws.evidence import gather
from bot.aws.under_way import UnderWay
from bot.kept import Kept
from bot.playground.account.patients import PATIENTS, plant
from bot.reach import Reach
from bot.settings import looking_settings
from bot.store.evidence import Evidence
from checks.evidence import Expected

MINUTE = timedelta(minutes=1)


@pytest.fixture
def look(aws, redis):
    account = Reach(looking_settings({})).own
    store = Evidence(redis)
    now = datetime.now(UTC)

    def read(name: str = "checkout", *, fresh: bool, qualifier: str | None = None):
        asked = Asked(account, "eu-west-1", name, qualifier, now)
        keep = Kept(store, UnderWay(), MINUTE, fresh=fresh)
        return gather(asked, expected=Expected(), answers={}, keep=keep), keep

    return read


@pytest.mark.parametrize("name", sorted(PATIENTS))
def test_what_was_kept_is_what_was_read(aws, look, name):
    patient = PATIENTS[name]
    bed = plant(aws.account(), patient, patient.languages[0])
    read, _ = look(bed.name, fresh=True)
    asked = len(aws.calls)

    kept, keep = look(bed.name, fresh=False)

    assert kept == read
    if keep.oldest:
        assert len(aws.calls) < asked * 2


def test_a_new_look_reads_all_of_it(aws, look):
    plant(aws.account(), PATIENTS["healthy"], PATIENTS["healthy"].languages[0])
    look(fresh=True)
    asked = len(aws.calls)

    assert look(fresh=True)[1].oldest is None
    assert len(aws.calls) >= asked * 2 - 1


def test_what_was_refused_is_not_kept(aws, look):
    plant(aws.account(), PATIENTS["healthy"], PATIENTS["healthy"].languages[0])
    aws.fail("firehose")
    look(fresh=True)
    aws.heal()

    evidence, _ = look(fresh=False)
    assert evidence.log_firehose.status == "ACTIVE"
