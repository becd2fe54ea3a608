"""
Who a subscription filter leads to, by the name or the account of its destination.

The names are those that the vendors' own templates and forwarders have by default; anybody may
give such a name, so it is said as a likelihood.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from checks.facts.fact import Certainty, Fact


@dataclass(frozen=True, slots=True)
class Forwarder:
    """A tool that takes log lines, by what its destinations are called."""

    name: str
    destinations: str | None = None
    """Pattern of the name of a function, stream or destination, anywhere in it."""
    accounts: frozenset[str] = frozenset()
    """Accounts of its own that its destinations are in."""


FORWARDERS: Fact[tuple[Forwarder, ...]] = Fact(
    "Who log lines are forwarded to, by the destination's name or account",
    (
        Forwarder("the former Serverless Dashboard", accounts=frozenset({"802587217904"})),
        Forwarder("Datadog", r"datadog"),
        Forwarder("New Relic", r"new-?relic"),
        Forwarder("Axiom", r"axiom"),
        Forwarder("Splunk", r"splunk"),
        Forwarder("Sumo Logic", r"sumo"),
        Forwarder("Logz.io", r"logz"),
        Forwarder("Coralogix", r"coralogix"),
        Forwarder("Dynatrace", r"dynatrace"),
        Forwarder("Lumigo", r"lumigo"),
        Forwarder("Grafana Loki", r"promtail|loki"),
        Forwarder("Elastic", r"elastic-?serverless-?forwarder"),
        Forwarder("OpenSearch", r"logs-?to-?(?:open|elastic)search"),
    ),
    "the vendors' templates; the account: serverless/dashboard-plugin #365",
    Certainty.INFERRED,
)


def forwarder_of(account: str, name: str) -> str | None:
    """Whose a destination likely is; None where neither account nor name says it."""
    for forwarder in FORWARDERS.value:
        named = forwarder.destinations and re.search(forwarder.destinations, name, re.IGNORECASE)
        if account in forwarder.accounts or named:
            return forwarder.name
    return None
