"""Whose a destination likely is, by an example of each."""

from __future__ import annotations

import pytest

from checks.facts.log_forwarders import FORWARDERS, forwarder_of

ACCOUNT = "123456789012"
NAMES = {
    "datadog-forwarder": "Datadog",
    "DatadogForwarder-1A2B": "Datadog",
    "newrelic-log-ingestion": "New Relic",
    "New-Relic-logs": "New Relic",
    "axiom-cloudwatch-forwarder": "Axiom",
    "splunk-cloudwatch-logs": "Splunk",
    "SumoCWLogsLambda": "Sumo Logic",
    "logzio-shipper": "Logz.io",
    "coralogix-aws-shipper": "Coralogix",
    "dynatrace-aws-logs": "Dynatrace",
    "lumigo-logs": "Lumigo",
    "lambda_promtail": "Grafana Loki",
    "loki-shipper": "Grafana Loki",
    "elastic-serverless-forwarder": "Elastic",
    "LogsToElasticsearch_prod": "OpenSearch",
    "LogsToOpenSearch": "OpenSearch",
}


@pytest.mark.parametrize("name", NAMES)
def test_name_tells_whose_it_is(name):
    assert forwarder_of(ACCOUNT, name) == NAMES[name]


def test_account_tells_whose_it_is():
    assert forwarder_of("802587217904", "aa11#shop#live") == "the former Serverless Dashboard"


@pytest.mark.parametrize("name", ["siem", "audit-logs", ""])
def test_destination_of_nobody_known(name):
    assert forwarder_of(ACCOUNT, name) is None


def test_every_forwarder_has_an_example():
    named = {each.name for each in FORWARDERS.value if each.destinations}

    assert named == set(NAMES.values())
