"""How long an integration takes to work, and how far back AWS shows what happened to it."""

from __future__ import annotations

from datetime import timedelta

from checks.facts.fact import Certainty, Fact

_GUIDE = "the vendor's troubleshooting guide"
SETTLES_IN: Fact[timedelta] = Fact(
    "From the integration's creation until data shows",
    timedelta(minutes=10),
    _GUIDE,
    Certainty.DOCUMENTED,
)
SETTLES_IN_WHEN_REPLACED: Fact[timedelta] = Fact(
    "The same where one was removed from the account shortly before",
    timedelta(minutes=20),
    _GUIDE,
    Certainty.DOCUMENTED,
)
REPLACED_WITHIN: Fact[timedelta] = Fact(
    "What counts as shortly before",
    timedelta(minutes=60),
    "a guess on the safe side",
    Certainty.INFERRED,
)
DEPLOY_RULE: Fact[str] = Fact(
    "The EventBridge rule by which Dashboard hears of deployments",
    "serverless_lambda_deploy_events",
    "the vendor's guide to removing an integration by hand",
    Certainty.DOCUMENTED,
)
