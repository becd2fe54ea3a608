"""The integration lives in us-east-1; the layers in the regions that the release scripts name."""

from __future__ import annotations

import pytest
from situations import a_function, outcome_of

from checks.facts.sdk import REGIONS
from checks.model import Impact, Verdict


def tried(region, partition="aws"):
    arn = f"arn:{partition}:lambda:{region}:123456789012:function:checkout"
    return outcome_of("region_supported", function=a_function(region=region, arn=arn))


@pytest.mark.parametrize("region", sorted(REGIONS.value))
def test_regions_with_layers_are_well(region):
    assert tried(region).verdict is Verdict.OK
    assert region in tried(region).saw


@pytest.mark.parametrize("region", ["me-central-1", "il-central-1", "ca-west-1"])
def test_region_that_is_not_on_the_list_is_a_notice(region):
    outcome = tried(region)

    assert (outcome.verdict, outcome.code) == (Verdict.NOTICE, "no_layers")
    assert region in outcome.headline
    assert outcome.impact is None
    assert "support" in outcome.actions[0].do


@pytest.mark.parametrize("partition", ["aws-cn", "aws-us-gov"])
def test_other_partition_cannot_be_reached(partition):
    outcome = tried("eu-west-1", partition)

    assert (outcome.verdict, outcome.code) == (Verdict.PROBLEM, "partition")
    assert outcome.impact is Impact.BLIND
    assert partition in outcome.saw
    assert "commercial AWS region" in outcome.actions[0].do
