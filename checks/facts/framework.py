"""What Serverless Framework and its relatives do to the instrumentation of functions."""

from __future__ import annotations

from checks.facts.fact import Certainty, Fact

OBSERVABILITY: Fact[str] = Fact(
    "stages.STAGE.observability: false in serverless.yml (Serverless Framework 4)",
    "each deployment takes off what Dashboard's Instrument toggle put on a function",
    "serverless/serverless, packages/serverless/lib/plugins/aws/deploy/index.js",
    Certainty.READ,
)
AXIOM: Fact[str] = Fact(
    "Axiom as the observability provider of Serverless Framework 4",
    "excludes Dashboard: the command line refuses one where the other is set up",
    "serverless/serverless, AXIOM_ALREADY_INTEGRATED_WITH_DASHBOARD",
    Certainty.READ,
)
OSLS: Fact[str] = Fact(
    "osls (the fork of Serverless Framework 3) since 3.40.0, and Serverless Framework 3",
    "know nothing of Dashboard's instrumentation: its Instrument toggle is the only switch",
    "oss-serverless/serverless, release 3.40.0; version 3 is unmaintained since early 2025",
    Certainty.READ,
)
REPAIRS: Fact[str] = Fact(
    "Dashboard after a deployment that took layer or variables off",
    "usually puts them back, for it listens to CloudTrail, whose delivery is best effort",
    "Serverless Framework's documents",
    Certainty.DOCUMENTED,
)
