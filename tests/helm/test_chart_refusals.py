"""A wrong value stops the installation, with a sentence that says which and what to do."""

from __future__ import annotations

import pytest
from documents import CHART


@pytest.mark.parametrize(
    ("sets", "message"),
    [
        (["redis.embedded.enabled=true"], "set bot.replicas to 1"),
        (["redis.embedded.enabled=true", "bot.replicas=2"], "exactly one replica"),
        (
            ["redis.embedded.enabled=true", "bot.replicas=1", 'redis.url="rediss://c"'],
            "choose one store",
        ),
        (
            ["redis.embedded.enabled=true", "bot.replicas=1", "worker.hpa.enabled=true"],
            "no workers to scale",
        ),
        (['redis.existingSecret=""'], "No store is named"),
        (['redis.url="rediss://user:secret@cache:6379"'], "redis.url holds a password"),
        (['redis.passwordKey="password"'], "redis.passwordKey goes with redis.url"),
        (
            ['redis.url="rediss://c"', 'redis.passwordKey="p"', 'redis.existingSecret=""'],
            "name the Secret",
        ),
        (['settings.roles={"owner":["U1"]}'], "'owner' not allowed"),
        (['slack.existingSecret=""'], "slack.existingSecret is empty"),
        (["worker.hpa.enabled=true", "worker.keda.enabled=true"], "fight over the workers"),
        (["worker.keda.enabled=true"], "set worker.keda.address"),
        (["bot.replicas=11"], "ten Socket Mode connections"),
        (["ingress.enabled=true"], "set slack.mode to http"),
        (['slack.mode="http"', "httpRoute.enabled=true"], "httpRoute.parentRefs is empty"),
        (["worker.replicas=0"], "Nobody works"),
        (["externalSecrets.enabled=true"], "secretStoreRef.name is empty"),
        (
            ["serviceMonitor.enabled=true", 'serviceMonitor.renderMode="failIfMissing"'],
            "serviceMonitor.enabled wants monitoring.coreos.com/v1",
        ),
        (["slak.mode=1"], "'slak' not allowed"),
        (["settings.orgID=1"], "'orgID' not allowed"),
        (['slack.mode="events"'], "/slack/mode"),
        (["bot.replicas=0"], "/bot/replicas"),
        (['bot.replicas="two"'], "/bot/replicas"),
        (["settings.awsRate=2"], "/settings/awsRate"),
        (['settings.logLevel="LOUD"'], "/settings/logLevel"),
        (["settings.limits.user=0"], "/settings/limits/user"),
        (["settings.limits.person=1"], "'person' not allowed"),
        (['settings.regions=["us-east-1.evil"]'], "/settings/regions"),
        (['settings.accounts={"a":{"role":"x"}}'], "'role' not allowed"),
        (
            ['settings.accounts={"a":{"role_arn":"arn:aws:iam::123456789012:role/r"}}'],
            "'external_id' required",
        ),
        (['image.digest="sha256:1"'], "/image/digest"),
        (["ports.admin=0"], "/ports/admin"),
        (['redis.url="http://cache"'], "/redis/url"),
        (["worker.keda.minReplicas=0"], "/worker/keda/minReplicas"),
        (["pods.terminationGracePeriodSeconds=5"], "/pods/terminationGracePeriodSeconds"),
        (["networkPolicy.redisPorts=6379"], "/networkPolicy/redisPorts"),
    ],
    ids=lambda each: each if isinstance(each, str) else None,
)
def test_wrong_value_is_refused_in_a_sentence(helm, sets, message):
    more = [word for each in sets for word in ("--set-json", each)]

    made = helm("template", "rel", str(CHART), *more)

    assert made.returncode != 0
    assert message in made.stderr
    assert "nil pointer" not in made.stderr
