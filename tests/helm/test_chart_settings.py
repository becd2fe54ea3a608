"""
Every setting of the bot is reachable from the chart's values, and the bot understands them.

The names are read from the code. A setting that is missing here wants a line in values.yaml,
one in values.schema.json and one in ci/everything-values.yaml.
"""

from __future__ import annotations

import ast
import json
import re

import pytest
import yaml
from documents import MODES, ROOT, environment, of_kind

from bot.serving_settings import serving_settings
from bot.settings import PREFIX, read_aws_settings

NAMES = re.compile(r"(SLSDIAG|SLACK)_[A-Z_]+[A-Z]|REDIS_URL")
PROMISED = {
    "AWS_ENDPOINT_URL",
    "AWS_PROFILE",
    "AWS_REGION",
    "REDIS_URL",
    "SLACK_API_URL",
    "SLACK_APP_TOKEN",
    "SLACK_BOT_TOKEN",
    "SLACK_SIGNING_SECRET",
    "SLSDIAG_ACCOUNTS",
    "SLSDIAG_ADMIN_PORT",
    "SLSDIAG_AWS_RATE",
    "SLSDIAG_EVENTS",
    "SLSDIAG_EVIDENCE_TTL",
    "SLSDIAG_FILTER_LIMIT",
    "SLSDIAG_LIMITS",
    "SLSDIAG_LOG_LEVEL",
    "SLSDIAG_MODE",
    "SLSDIAG_ORGANIZATION",
    "SLSDIAG_ORG_ID",
    "SLSDIAG_OWNER_TAG",
    "SLSDIAG_PORT",
    "SLSDIAG_REGIONS",
    "SLSDIAG_ROLES",
    "SLSDIAG_STATE_DIR",
    "SLSDIAG_WATCH_SETTLE",
    "SLSDIAG_WORKERS",
}
"""Settings that users were told of, whether or not this version reads them."""
SECRETS = {
    "bot-token": "xoxb-1",
    "app-token": "xapp-1",
    "signing-secret": "s",
    "url": "rediss://:s@cache:6379",
    "address": "rediss://:s@cache:6379",
}


def settings_of_the_code() -> set[str]:
    """Whole names in its settings modules, and what is read under the common prefix."""
    found: set[str] = set()
    for module in (ROOT / "bot").rglob("*settings*.py"):
        for node in ast.walk(ast.parse(module.read_text())):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found |= {node.value} if NAMES.fullmatch(node.value) else set()
            if isinstance(node, ast.Call) and _reads(node.func):
                found |= {PREFIX + e.value for e in node.args[:1] if isinstance(e, ast.Constant)}
    return found


def _reads(function: ast.expr) -> bool:
    """`read("X", …)`, or `reader(environment)("X", …)`."""
    called = function.func if isinstance(function, ast.Call) else function
    return isinstance(called, ast.Name) and called.id in ("read", "reader")


def everywhere(render) -> set[str]:
    found = set()
    for mode in MODES:
        objects = render(mode)
        for role in ("bot", "worker"):
            if any(e["metadata"]["name"].endswith(role) for e in of_kind(objects, "Deployment")):
                found |= set(environment(objects, role))
    return found


def test_the_code_is_read_right():
    assert {"SLSDIAG_ORG_ID", "SLSDIAG_LOG_LEVEL", "SLACK_BOT_TOKEN"} <= settings_of_the_code()


def test_every_setting_is_reachable(render):
    assert settings_of_the_code() | PROMISED <= everywhere(render)


def test_nothing_is_set_that_the_bot_does_not_know(render):
    ours = {each for each in everywhere(render) if NAMES.fullmatch(each)}

    assert ours <= settings_of_the_code() | PROMISED


@pytest.mark.parametrize("mode", [None, *MODES])
def test_the_bot_understands_what_it_is_given(render, mode):
    objects = render(mode)
    for deployment in of_kind(objects, "Deployment"):
        role = deployment["metadata"]["labels"]["app.kubernetes.io/component"]
        given = {n: SECRETS.get(v, v) for n, v in environment(objects, role).items()}

        serving_settings(given)
        read_aws_settings(given)


def test_values_arrive_as_they_were_given(render):
    objects = render("everything")
    given = {n: SECRETS.get(v, v) for n, v in environment(objects, "worker").items()}
    serving, aws_settings = serving_settings(given), read_aws_settings(given)

    assert aws_settings.regions == ("eu-west-1", "us-east-1")
    assert aws_settings.accounts["prod"].channels == ("C0PROD",)
    assert aws_settings.accounts["prod"].external_id == "slsdiag-prod"
    assert aws_settings.aws_rate == 0.25
    assert aws_settings.organization.channels == {"ou-abcd-11111111": ("C0PROD",)}
    assert serving.evidence_ttl.total_seconds() == 600
    assert given["SLSDIAG_LIMITS"] == "channel=30,user=10,workspace=120"
    assert given["SLSDIAG_OWNER_TAG"] == "team"
    assert json.loads(given["SLSDIAG_ROLES"])["runner"] == ["S0ONCALL"]


def test_large_numbers_stay_whole(render):
    given = environment(render(None, "settings.evidenceTtl=86400000"), "bot")

    assert given["SLSDIAG_EVIDENCE_TTL"] == "86400000"


def test_what_is_empty_is_not_set(render):
    given = environment(render(), "bot")

    assert "SLSDIAG_ORG_ID" not in given
    assert "SLSDIAG_ACCOUNTS" not in given
    assert "AWS_PROFILE" not in given
    assert "SLSDIAG_LIMITS" not in environment(render("bare"), "bot")


def test_no_secret_stands_in_a_document(render):
    for mode in MODES:
        for each in render(mode):
            assert each["kind"] != "Secret"
            assert not re.search(r"xox[abp]-|xapp-", yaml.safe_dump(each))
