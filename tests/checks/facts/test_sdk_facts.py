"""What runtimes, layers and values mean to the SDK."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from situations import NODE_LAYER, PYTHON_LAYER, layer

from checks.facts.runtimes import LIFECYCLES, dates_of, updates_blocked
from checks.facts.sdk import (
    LAST_RELEASED,
    NEWEST_NODE_TRIED,
    NODE,
    PYTHON,
    TYPICAL_ORG_ID_LENGTH,
    Layer,
    breaks_on_import,
    is_on,
    is_our_wrapper,
    language_of,
    layer_name,
    layer_of,
    no_org_id,
    numbered,
    only_ours,
    reads_as_off,
    sdk_layer,
    spelled,
    too_old,
)

ROOT = Path(__file__).parents[3]
OTHER_LAYER = layer("sharp")


@pytest.mark.parametrize(
    ("runtime", "language", "number"),
    [
        ("nodejs20.x", NODE, (20, 0)),
        ("nodejs24.x", NODE, (24, 0)),
        ("python3.12", PYTHON, (3, 12)),
        ("python3.9", PYTHON, (3, 9)),
        ("python3", PYTHON, (3, 0)),
        ("nodejs", None, (0, 0)),
        ("java21", None, (0, 0)),
        ("provided.al2023", None, (0, 0)),
        ("nodejs4.3-edge", None, (0, 0)),
        ("", None, (0, 0)),
        (None, None, (0, 0)),
    ],
)
def test_runtime_has_a_language_and_a_number(runtime, language, number):
    assert language_of(runtime) is language
    assert numbered(runtime) == number


@pytest.mark.parametrize(
    ("runtime", "breaks", "old"),
    [
        ("python3.12", False, False),
        ("python3.13", True, False),
        ("python3.14", True, False),
        ("python3.8", False, False),
        ("python3.7", False, True),
        ("nodejs12.x", False, False),
        ("nodejs10.x", False, True),
        ("nodejs24.x", False, False),
        ("java21", False, False),
        (None, False, False),
    ],
)
def test_runtimes_that_the_sdk_breaks_or_is_too_new_for(runtime, breaks, old):
    assert (breaks_on_import(runtime), too_old(runtime)) == (breaks, old)


@pytest.mark.parametrize(
    ("arn", "found"),
    [
        (NODE_LAYER, Layer(NODE, (0, 15, 15))),
        (PYTHON_LAYER, Layer(PYTHON, (0, 3, 3))),
        (layer("sls-sdk-node"), Layer(NODE, None)),
        (NODE_LAYER.rpartition(":")[0], Layer(NODE, (0, 15, 15))),
        (NODE_LAYER.replace("arn:aws:", "arn:aws-cn:"), Layer(NODE, (0, 15, 15))),
        (OTHER_LAYER, None),
        (layer("sls-sdk-node-dev"), None),
        ("sls-sdk-node", None),
        ("", None),
    ],
)
def test_layer_of_the_sdk_by_its_arn(arn, found):
    assert sdk_layer(arn) == found


def test_layers_of_one_language_and_of_nobody_else():
    assert layer_of(NODE, (OTHER_LAYER, NODE_LAYER))
    assert not layer_of(PYTHON, (OTHER_LAYER, NODE_LAYER))
    assert not layer_of(NODE, ())
    assert only_ours((NODE_LAYER, PYTHON_LAYER))
    assert only_ours(())
    assert not only_ours((NODE_LAYER, OTHER_LAYER))


def test_names_of_layers_and_versions():
    assert layer_name(NODE_LAYER) == "sls-sdk-node-v0-15-15"
    assert layer_name("no arn") == "no arn"
    assert spelled((0, 15, 15)) == "0.15.15"
    assert spelled(None) == "of unknown version"


@pytest.mark.parametrize(
    ("value", "ours"),
    [
        (NODE.wrapper, True),
        (PYTHON.wrapper, True),
        ("/opt/sls-sdk-whatever", True),
        (" /opt/sls-sdk-node/exec-wrapper.sh", False),
        ("/opt/other", False),
    ],
)
def test_wrapper_is_ours_by_how_it_begins(value, ours):
    assert is_our_wrapper(value) is ours


@pytest.mark.parametrize(
    ("value", "impossible"),
    [
        ("org-1a2b", False),
        ("4e3d2c1b-0000-4000-8000-000000000000", False),
        ("nullable", False),
        ("undefined", True),
        ("NULL", True),
        ("None", True),
        ("NaN", True),
        ("${param:orgId}", True),
        ("org-${stage}", True),
        (" org-1a2b", True),
        ("org-1a2b\n", True),
    ],
)
def test_value_that_can_be_no_org_id(value, impossible):
    assert no_org_id(value) is impossible


@pytest.mark.parametrize(
    ("value", "on", "means_off"),
    [
        (None, False, False),
        ("", False, False),
        ("true", True, False),
        ("1", True, False),
        ("false", True, True),
        (" Off ", True, True),
        ("0", True, True),
        ("no", True, True),
    ],
)
def test_switch_is_on_by_any_value(value, on, means_off):
    assert (is_on(value), reads_as_off(value)) == (on, means_off)


# -------------------------------------------------------------------- AWS's dates

DATES = """
nodejs14.x 2023-12-04 2027-03-03
python3.7  2023-12-04 2027-03-03
nodejs16.x 2024-06-12 2027-03-03
nodejs18.x 2025-09-01 2027-03-03
nodejs20.x 2026-04-30 2027-03-03
python3.8  2024-10-14 2027-03-03
python3.9  2025-12-15 2027-03-03
python3.10 2026-10-31 2027-03-03
nodejs22.x 2027-04-30 2027-07-01
python3.11 2027-06-30 2027-08-31
nodejs24.x 2028-04-30 2028-07-01
python3.12 2028-10-31 2029-01-10
"""
"""As the table of cfn-lint 1.58.0 has them: deprecated, updates blocked."""


def test_dates_are_those_of_the_table():
    rows = [line.split() for line in DATES.strip().splitlines()]
    read = {runtime: tuple(map(date.fromisoformat, days)) for runtime, *days in rows}
    known = {r: (x.deprecated, x.updates_blocked) for r, x in LIFECYCLES.value.items()}

    assert read.items() <= known.items()
    assert all(known[r][1] < date(2026, 1, 1) for r in known.keys() - read.keys())


@pytest.mark.parametrize("runtime", LIFECYCLES.value)
def test_updates_are_blocked_from_that_day_on(runtime):
    day = LIFECYCLES.value[runtime].updates_blocked

    assert updates_blocked(runtime, day)
    assert not updates_blocked(runtime, date.fromordinal(day.toordinal() - 1))


@pytest.mark.parametrize(
    ("runtime", "today", "blocked"),
    [
        ("nodejs12.x", None, True),
        ("nodejs16.x", None, False),
        ("java21", None, False),
        (None, None, False),
    ],
)
def test_without_a_day_it_is_judged_by_when_the_dates_were_read(runtime, today, blocked):
    assert updates_blocked(runtime, today) is blocked


@pytest.mark.parametrize(
    ("runtime", "today", "said"),
    [
        ("nodejs20.x", date(2026, 4, 29), ""),
        (
            "nodejs20.x",
            date(2026, 4, 30),
            " AWS deprecated it on 30 Apr 2026 and refuses updates from 3 Mar 2027.",
        ),
        (
            "nodejs20.x",
            date(2027, 3, 3),
            " AWS deprecated it on 30 Apr 2026 and refuses updates since 3 Mar 2027.",
        ),
        ("java21", date(2030, 1, 1), ""),
    ],
)
def test_dates_are_said_once_the_runtime_is_deprecated(runtime, today, said):
    assert dates_of(runtime, today) == said


def test_figures_that_steps_go_by():
    assert NEWEST_NODE_TRIED.value == 24
    assert (NODE.sampling_switch_since, PYTHON.sampling_switch_since) == ((0, 15, 14), (0, 3, 1))
    assert (NODE.unzipped, PYTHON.unzipped) == (693_139, 1_500_000)
    assert TYPICAL_ORG_ID_LENGTH.value == 36


def test_age_of_the_sdk_is_said_with_the_day_on_which_it_was_read():
    assert LAST_RELEASED.endswith("layers in October 2023 (read 29 Nov 2026).")
    assert LAST_RELEASED in (ROOT / "docs" / "facts" / "README.md").read_text()
