"""`slsdiag doctor` as people and scripts see it: against a real store, the fake Slack and AWS."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from bot.aws.operations import OPERATIONS
from bot.aws.simulation import probes
from bot.cli import main
from bot.playground.account.demo_functions import CANARIES, demo
from bot.playground.workspace import Workspace
from bot.slack.manifest import SCOPES
from bot.store.outbox import Outbox
from checks.facts.sdk import LAST_RELEASED

ACCOUNTS = json.dumps(
    {
        "prod": {
            "role_arn": "arn:aws:iam::999999999999:role/slsdiag",
            "external_id": "x-external",
            "channels": ["C0GENERAL"],
        }
    }
)
SLACK = ("slack_token", "slack_scopes", "slack_channels", "slack_socket")
STORE = ("slack_posts", "store", "store_version", "store_durable", "store_records")
AWS = ("aws_role:own", "aws_actions:own", "aws_role:prod", "aws_actions:prod")


@pytest.fixture
def slack():
    with Workspace() as workspace:
        yield workspace


@pytest.fixture
def bare(monkeypatch, tmp_path):
    """Nothing of the bot is set."""
    for name in os.environ:
        if name.startswith(("SLACK_", "SLSDIAG_", "REDIS_", "AWS_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("SLSDIAG_STATE_DIR", str(tmp_path / "state"))


@pytest.fixture
def run(bare, aws, slack, redis_url, redis, monkeypatch, capsys):
    """Everything is set and well, but for what a test spoils."""
    demo(aws.account())
    aws.account("999999999999").trust("slsdiag", "x-external")
    settings = {
        "SLACK_BOT_TOKEN": slack.bot_token,
        "SLACK_APP_TOKEN": slack.app_token,
        "SLACK_API_URL": slack.api_url,
        "REDIS_URL": redis_url,
        "SLSDIAG_ACCOUNTS": ACCOUNTS,
        "SLSDIAG_AWS_RATE": "1",
    }
    for name, value in settings.items():
        monkeypatch.setenv(name, value)

    def run(**more):
        for name, value in more.items():
            monkeypatch.setenv(name, value)
        status = main(("doctor", "--json"))
        out, err = capsys.readouterr()
        for secret in (slack.bot_token, slack.app_token, "x-external", *CANARIES):
            assert secret not in out + err
        document = json.loads(out)
        assert (document["schema"], document["notes"], err) == (1, [LAST_RELEASED], "")
        assert all(set(c) == {"check", "outcome", "saw", "remedy"} for c in document["checks"])
        assert all(c["remedy"] for c in document["checks"] if c["outcome"] == "problem")
        return SimpleNamespace(status=status, of={c["check"]: c for c in document["checks"]})

    return run


def test_messages_that_wait_for_slacks_leave_are_a_problem(run, redis):
    Outbox(redis).shut_out("ekm_access_denied")
    seen = run()

    assert seen.status == 1
    assert seen.of["slack_posts"]["outcome"] == "problem"
    assert "ekm_access_denied" in seen.of["slack_posts"]["saw"]


def test_all_is_well(run, slack, aws):
    seen = run()

    assert {name: c["outcome"] for name, c in seen.of.items()} == dict.fromkeys(
        (*SLACK, *STORE, *AWS, "clock", "proxy"), "ok"
    )
    assert seen.status == 0
    assert "C0GENERAL" in seen.of["slack_channels"]["saw"]
    assert "appendonly yes" in seen.of["store_durable"]["saw"]
    assert aws.mutations() == []
    assert not [m for m in slack.messages if m.user != "U0ADA"]


def test_it_tries_every_operation_and_no_other(run, aws):
    run(SLSDIAG_OWNER_TAG="team")
    assert set(probes(datetime.now(UTC))) == set(OPERATIONS)
    methods = {(operation.service, operation.method) for operation in OPERATIONS}
    assert len({(call.service, call.operation) for call in aws.calls}) == len(methods) + 1


def test_tags_that_nobody_wants_are_not_asked_for(run, aws):
    run()
    assert "GetResources" not in {call.operation for call in aws.calls}


def test_scopes_that_the_manifest_asks_for_and_the_token_lacks_are_named(bare, run, monkeypatch):
    with Workspace(scopes=tuple(set(SCOPES) - {"im:write", "groups:history"})) as poor:
        seen = run(SLACK_API_URL=poor.api_url)
    scopes = seen.of["slack_scopes"]
    assert (seen.status, scopes["outcome"]) == (1, "problem")
    assert "groups:history, im:write" in scopes["saw"]


def test_what_slack_does_not_say_is_unknown(run, slack):
    slack.reports_scopes = False
    seen = run()
    assert (seen.status, seen.of["slack_scopes"]["outcome"]) == (3, "unknown")


def test_a_token_that_slack_does_not_know(run):
    seen = run(SLACK_BOT_TOKEN="xoxb-of-another")  # noqa: S106 - of nobody
    assert (seen.status, seen.of["slack_token"]["outcome"]) == (1, "problem")
    assert "invalid_auth" in seen.of["slack_token"]["saw"]
    assert seen.of["slack_scopes"]["outcome"] == "unknown"


def test_a_channel_where_the_bot_is_no_member(run):
    accounts = ACCOUNTS.replace("C0GENERAL", "C0SECRET")
    seen = run(SLSDIAG_ACCOUNTS=accounts)
    assert seen.of["slack_channels"]["outcome"] == "problem"
    assert "C0SECRET" in seen.of["slack_channels"]["saw"]
    assert "/invite" in seen.of["slack_channels"]["remedy"]


@pytest.mark.parametrize(
    ("token", "saw"), [("xapp-of-another", "invalid_auth"), ("xapp-demo", "hello")]
)
def test_a_socket_opens_and_is_closed_again(run, slack, until, token, saw):
    seen = run(SLACK_APP_TOKEN=token)
    assert saw in seen.of["slack_socket"]["saw"]
    until(lambda: not slack.sockets.open)


def test_a_socket_on_which_no_hello_comes_is_a_problem(run, monkeypatch):
    from aiohttp import web

    from bot.slack import condition

    async def deaf(request):
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.receive()
        return socket

    monkeypatch.setattr(condition, "HELLO_WITHIN", 0.5)
    other = Workspace()
    monkeypatch.setattr(other.sockets, "accept", deaf)
    with other:
        seen = run(SLACK_API_URL=other.api_url)
    assert (seen.status, seen.of["slack_socket"]["outcome"]) == (1, "problem")
    assert "no hello" in seen.of["slack_socket"]["saw"]


def test_as_many_sockets_as_slack_allows(run, slack):
    slack.sockets.open.extend([None] * 10)
    seen = run()
    slack.sockets.open.clear()
    assert (seen.status, seen.of["slack_socket"]["outcome"]) == (1, "problem")
    assert "allows (10)" in seen.of["slack_socket"]["saw"]


def test_a_slack_that_is_away_or_busy_is_unknown_not_refused(run, slack):
    slack.limits.on = True
    for _ in range(100):
        slack.limits.take("auth.test", "")
    seen = run()
    assert seen.of["slack_token"]["outcome"] == "unknown"
    away = run(SLACK_API_URL="http://127.0.0.1:9/api/")
    assert away.of["slack_token"]["outcome"] == "unknown"
    assert away.of["slack_socket"]["outcome"] == "problem"


def test_half_a_credential_is_a_problem(run, monkeypatch):
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    seen = run()
    assert seen.of["aws_role:own"]["outcome"] == "problem"


@pytest.mark.parametrize("words", [("check", "orders"), ("scan",), ("doctor",)])
def test_accounts_without_any_credentials_are_said_in_a_sentence(bare, monkeypatch, capsys, words):
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, "/nonexistent")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    monkeypatch.setenv("SLSDIAG_ACCOUNTS", ACCOUNTS)
    status = main(words)
    out, err = capsys.readouterr()

    assert status == (1 if words == ("doctor",) else 4)
    assert "There are no usable AWS credentials" in out + err


@pytest.mark.parametrize(
    ("setting", "value", "outcome"),
    [
        ("appendonly", "no", "problem"),
        ("appendfsync", "no", "problem"),
        ("appendfsync", "everysec", "ok"),
        ("maxmemory-policy", "allkeys-lru", "problem"),
        ("maxmemory-policy", "volatile-ttl", "problem"),
    ],
)
def test_a_store_that_forgets_is_told(run, redis, setting, value, outcome):
    before = redis.config_get(setting)[setting]
    redis.config_set(setting, value)
    try:
        durable = run().of["store_durable"]
    finally:
        redis.config_set(setting, before)
    assert durable["outcome"] == outcome
    assert value in durable["saw"] or outcome == "problem"


def test_where_config_is_refused_durability_is_unknown_with_what_info_tells(run, redis, redis_url):
    redis.execute_command("ACL", "SETUSER", "hosted", "on", ">x-secret", "~*", "+@all", "-config")
    try:
        seen = run(REDIS_URL=redis_url.replace("unix://", "unix://hosted:x-secret@"))
    finally:
        redis.execute_command("ACL", "DELUSER", "hosted")
    durable = seen.of["store_durable"]
    assert (seen.status, durable["outcome"]) == (3, "unknown")
    assert "does not say appendfsync" in durable["saw"]
    assert "appendonly yes" in durable["saw"]
    assert "x-secret" not in json.dumps(seen.of)


def test_a_store_that_is_away(run):
    seen = run(REDIS_URL="redis://:x-secret@127.0.0.1:9")
    assert (seen.status, seen.of["store"]["outcome"]) == (1, "problem")
    assert "x-secret" not in json.dumps(seen.of)


def test_what_was_put_aside_is_named(run, redis):
    redis.zadd("slsdiag:parked", {"diagnosis:d1": 1, "entry:e1": 2})
    given_up = run().of["store_records"]
    assert given_up["outcome"] == "problem"
    assert "diagnosis:d1, entry:e1" in given_up["saw"]
    redis.zadd("slsdiag:unread", {"diagnosis:d1": 7})
    unread = run().of["store_records"]
    assert "schema 7" in unread["saw"]
    assert "Run the release that wrote them" in unread["remedy"]


@pytest.mark.parametrize("whose", ["AWS", "Slack"])
def test_a_clock_that_is_off_is_told_with_whose(run, aws, slack, whose):
    (aws if whose == "AWS" else slack).clock_ahead = 200.0
    clock = run().of["clock"]
    assert clock["outcome"] == "problem"
    assert f"s behind {whose}'s" in clock["saw"]
    assert "agrees with the store's" in clock["saw"]


def test_each_action_that_is_refused_is_named(run, aws):
    aws.fail("logs", "FilterLogEvents", "AccessDeniedException")
    aws.fail("iam", "GetRole", "AccessDenied")
    seen = run()
    for name in ("own", "prod"):
        check = seen.of[f"aws_actions:{name}"]
        assert (seen.status, check["outcome"]) == (1, "problem")
        assert (
            check["saw"] == "Missing permissions in eu-west-1: iam:GetRole, logs:FilterLogEvents."
        )


def test_what_the_roles_own_policy_cannot_lift_has_its_own_step(run, aws):
    message = "denied with an explicit deny in a service control policy"
    aws.fail("firehose", "DescribeDeliveryStream", "AccessDenied", message=message)
    alone = run().of["aws_actions:own"]["remedy"]
    aws.fail("iam", "GetRole", "AccessDenied")
    both = run().of["aws_actions:own"]["remedy"]

    assert alone.startswith("Ask your organization's administrators to allow firehose:Describe")
    assert "slsdiag policy" not in alone
    assert both.startswith(alone.rstrip("."))
    assert both.endswith(
        "Add the others to the role's policy; slsdiag policy prints the whole policy."
    )


def test_every_refusal_is_told_apart_from_nothing_there(run, aws):
    for service in {each.service for each in OPERATIONS} - {"sts"}:
        aws.fail(service, code="AccessDeniedException")
    saw = run(SLSDIAG_OWNER_TAG="team").of["aws_actions:own"]["saw"]
    assert all(each.action in saw for each in OPERATIONS if each.service != "sts")


def test_what_aws_does_not_answer_is_unknown(run, aws):
    aws.fail("firehose", code="ServiceUnavailableException")
    seen = run()
    assert (seen.status, seen.of["aws_actions:own"]["outcome"]) == (3, "unknown")


def test_a_role_that_does_not_let_us_in(run):
    seen = run(SLSDIAG_ACCOUNTS=ACCOUNTS.replace("x-external", "x-wrong"))
    assert seen.of["aws_role:prod"]["outcome"] == "problem"
    remedy = seen.of["aws_role:prod"]["remedy"]
    assert "trust policy" in remedy
    assert "sts:AssumeRole" in remedy
    assert "slsdiag policy --role bot" in remedy
    assert "slsdiag policy --role reader" in remedy
    assert seen.of["aws_actions:prod"]["outcome"] == "skipped"
    assert seen.of["aws_role:own"]["outcome"] == "ok"


def test_with_nothing_set_everything_is_skipped_and_named(bare, monkeypatch, capsys):
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/nonexistent")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/nonexistent")
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    assert main(("doctor", "--json")) == 4, "which proxy is used is no check of anything"
    monkeypatch.delenv("AWS_REGION")
    capsys.readouterr()
    assert main(("doctor", "--json")) == 4
    checks = json.loads(capsys.readouterr().out)["checks"]
    assert {c["outcome"] for c in checks} == {"skipped"}
    text = " ".join(c["saw"] for c in checks)
    for name in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "REDIS_URL", "AWS_REGION"):
        assert name in text


def test_a_setting_that_is_wrong_is_status_2(bare, monkeypatch, capsys):
    monkeypatch.setenv("SLACK_BOT_TOKEN", "x-secret")
    assert main(("doctor", "--json")) == 2
    document = json.loads(capsys.readouterr().out)
    assert document["error"]["code"] == "usage"
    assert "x-secret" not in str(document)


def test_people_see_what_is_to_be_mended_first(run, aws, capsys):
    aws.fail("iam", "GetRole", "AccessDenied")
    run()
    main(("doctor",))
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("problem  aws_actions:")
    assert lines[1].strip().startswith("Do: ")
    assert lines[-2:-1] == [LAST_RELEASED]
    assert lines[-1].startswith("2 problem, ")
