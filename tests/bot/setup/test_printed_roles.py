"""
The printed roles do what slsdiag needs, and no more: their policies are evaluated, in every format.

The AWS that would do it is not here: `policy_evaluation.py` says how IAM judges, and
`deployed_roles.py` what a template becomes.
"""

from __future__ import annotations

import json
from functools import partial

import pytest
from deployed_roles import from_cloudformation, from_json, from_terraform
from policy_evaluation import allows

from bot.aws import parallel
from bot.aws.accounts import Accounts
from bot.aws.client import Account
from bot.aws.operations import OPERATIONS, WHO_AM_I
from bot.aws.organization_operations import ORGANIZATION_OPERATIONS
from bot.cli import main
from bot.diagnosis.gather import function_check
from bot.playground.account.demo_functions import DEMO_FUNCTIONS, plant
from bot.settings import read_aws_settings
from bot.target import Target
from checks.model import Symptom

HERE, OTHER, THIRD = "123456789012", "111122223333", "444455556666"
EXTERNAL_ID = "0f7c8a51e9d24b63a1c0"
FORMATS = ("json", "cloudformation", "terraform", "stackset")
PARTITIONS = ("aws", "aws-cn", "aws-us-gov")
FORBIDDEN = {
    "lambda:UpdateFunctionConfiguration": "arn:aws:lambda:eu-west-1:111122223333:function:orders",
    "lambda:InvokeFunction": "arn:aws:lambda:eu-west-1:111122223333:function:orders",
    "lambda:GetFunction": "arn:aws:lambda:eu-west-1:111122223333:function:orders",
    "logs:PutSubscriptionFilter": "arn:aws:logs:eu-west-1:111122223333:log-group:/aws/lambda/a:*",
    "logs:DeleteSubscriptionFilter": "arn:aws:logs:eu-west-1:111122223333:log-group:/aws/a:*",
    "logs:DeleteLogGroup": "arn:aws:logs:eu-west-1:111122223333:log-group:/aws/lambda/orders",
    "s3:GetObject": "arn:aws:s3:::bucket/key",
    "iam:PassRole": "arn:aws:iam::111122223333:role/ServerlessRole",
    "iam:CreateRole": "arn:aws:iam::111122223333:role/anything",
    "iam:UpdateAssumeRolePolicy": "arn:aws:iam::111122223333:role/slsdiag-reader",
    "sts:AssumeRole": "arn:aws:iam::111122223333:role/Administrator",
    "cloudformation:DeleteStack": "arn:aws:cloudformation:us-east-1:111122223333:stack/"
    "Serverless-Inc-Role-Stack/1",
    "cloudformation:DescribeStacks": "arn:aws:cloudformation:us-east-1:111122223333:stack/other/1",
    "firehose:PutRecord": "arn:aws:firehose:eu-west-1:111122223333:deliverystream/serverless_logs",
    "firehose:DescribeDeliveryStream": "arn:aws:firehose:eu-west-1:111122223333:deliverystream/o",
    "secretsmanager:GetSecretValue": "arn:aws:secretsmanager:eu-west-1:111122223333:secret:a",
    "kms:Decrypt": "arn:aws:kms:eu-west-1:111122223333:key/a",
    "tag:TagResources": "*",
}


def arn(role, account=HERE, partition="aws"):
    return f"arn:{partition}:iam::{account}:role/{role}"


def printed(capsys, *words):
    assert main(("policy", *words)) == 0
    out, err = capsys.readouterr()
    assert err == ""
    return out


def deployed(capsys, monkeypatch, form, partition="aws", external_id=EXTERNAL_ID, name=None):
    """A reader role of `OTHER` as it is deployed."""
    bot = arn("slsdiag-bot", partition=partition)
    monkeypatch.setenv("AWS_REGION", {"aws-cn": "cn-north-1"}.get(partition, "us-gov-east-1"))
    words = ("--role", "reader", "--format", form)
    words += ("--reader-role", name) if name else ()
    where = {"partition": partition, "account": OTHER}
    if form == "json":
        text = printed(capsys, *words, "--bot-role", bot)
        return from_json(text, bot=bot, external_id=external_id)
    if form == "terraform":
        given = {"bot_role_arn": bot, "external_id": external_id}
        return from_terraform(printed(capsys, *words), **where, **given)
    given = {"BotRoleArn": bot, "ExternalId": external_id}
    return from_cloudformation(printed(capsys, *words), **where, **given)


@pytest.fixture(params=FORMATS)
def reader(request, capsys, monkeypatch):
    return partial(deployed, capsys, monkeypatch, request.param)


@pytest.fixture(params=["json", "cloudformation", "terraform"])
def bot(request, capsys, monkeypatch):
    """The bot's role as it is deployed; of JSON only its policy."""

    def bot(*more, partition="aws", service="ecs-tasks.amazonaws.com"):
        monkeypatch.setenv("AWS_REGION", {"aws-cn": "cn-north-1"}.get(partition, "us-east-1"))
        text = printed(capsys, "--role", "bot", "--format", request.param, *more)
        where = {"partition": partition, "account": HERE}
        if request.param == "json":
            document = json.dumps({"policy": json.loads(text), "trust": None})
            return from_json(document, bot="", external_id="")
        if request.param == "terraform":
            return from_terraform(text, **where, service=service)
        return from_cloudformation(text, **where, Service=service)

    return bot


def examples(operation, account, partition="aws"):
    """A resource for each pattern of the table."""
    for pattern in operation.resources:
        named = pattern.format(partition=partition, account=account)
        region = named.replace(":*:", ":eu-west-1:", 1).replace(":*:", f":{account}:", 1)
        yield "*" if pattern == "*" else region.replace("*", "some-name:1")


@pytest.mark.parametrize("partition", PARTITIONS)
def test_a_reader_may_do_what_the_table_says(reader, partition):
    role = reader(partition)
    denied = [
        (operation.action, resource)
        for operation in OPERATIONS
        if operation is not WHO_AM_I
        for resource in examples(operation, OTHER, partition)
        if not role.may(operation.action, resource)
    ]

    assert denied == []


@pytest.mark.parametrize("action", FORBIDDEN)
def test_no_role_may_do_anything_else(reader, bot, action):
    assert not reader().may(action, FORBIDDEN[action])
    assert not bot("--account", OTHER).may(action, FORBIDDEN[action].replace(OTHER, HERE))
    assert not bot("--account", OTHER).may(action, FORBIDDEN[action])


def test_the_bot_may_do_what_the_table_says(bot):
    role = bot()
    for operation in OPERATIONS:
        for resource in examples(operation, HERE):
            assert operation is WHO_AM_I or role.may(operation.action, resource), operation.action


def test_a_reader_assumes_nobody(reader):
    assert not reader().may("sts:AssumeRole", arn("slsdiag-reader", THIRD))


def test_only_the_bot_gets_in_and_only_with_the_external_id(reader):
    role, ours = reader(), arn("slsdiag-bot")

    assert role.lets_in(ours, EXTERNAL_ID)
    assert not role.lets_in(ours)
    assert not role.lets_in(ours, EXTERNAL_ID.upper())
    assert not role.lets_in(arn("slsdiag-bot", THIRD), EXTERNAL_ID)
    assert not role.lets_in(arn("slsdiag-bot-2"), EXTERNAL_ID)
    assert not role.lets_in(f"arn:aws:iam::{HERE}:root", EXTERNAL_ID)
    assert not role.lets_in("ecs-tasks.amazonaws.com", EXTERNAL_ID, kind="Service")
    assert not role.lets_in(ours, EXTERNAL_ID, action="sts:TagSession")


@pytest.mark.parametrize("partition", PARTITIONS[:2])
def test_the_bot_assumes_exactly_the_readers_of_the_accounts(bot, partition):
    role = bot("--account", OTHER, "--account", THIRD, partition=partition)
    assumed = partial(arn, partition=partition)

    assert role.may("sts:AssumeRole", assumed("slsdiag-reader", OTHER))
    assert role.may("sts:AssumeRole", assumed("slsdiag-reader", THIRD))
    assert not role.may("sts:AssumeRole", assumed("slsdiag-reader", HERE))
    assert not role.may("sts:AssumeRole", assumed("slsdiag-reader-2", OTHER))
    assert not role.may("sts:TagSession", assumed("slsdiag-reader", OTHER))


def test_the_readers_have_one_name(bot, reader):
    role = bot("--account", OTHER, "--reader-role", "audit.read")

    assert role.may("sts:AssumeRole", arn("audit.read", OTHER))
    assert not role.may("sts:AssumeRole", arn("auditXread", OTHER))
    assert not role.may("sts:AssumeRole", arn("slsdiag-reader", OTHER))
    assert reader(name="audit.read").name in {"audit.read", ""}
    assert reader().name in {"slsdiag-reader", ""}


def test_without_numbers_the_settings_name_the_readers(bot, monkeypatch):
    accounts = {
        "prod": {"role_arn": arn("team/own-name", OTHER), "external_id": "x-planted-external"},
        "here": {"regions": ["eu-west-1"]},
    }
    monkeypatch.setenv("SLSDIAG_ACCOUNTS", json.dumps(accounts))
    role = bot()

    assert role.may("sts:AssumeRole", arn("team/own-name", OTHER))
    assert not role.may("sts:AssumeRole", arn("slsdiag-reader", OTHER))
    assert "x-planted-external" not in str(role)
    assert not bot("--account", THIRD).may("sts:AssumeRole", arn("team/own-name", OTHER))


IN, OUT = (
    {"aws:PrincipalOrgID": "o-ours", "aws:ResourceOrgID": organization}
    for organization in ("o-ours", "o-another")
)


@pytest.mark.parametrize("lister", [arn("lister", THIRD), None])
def test_the_bot_assumes_the_readers_of_its_organization_and_of_no_other(bot, monkeypatch, lister):
    """However many there are: the policy names none of them."""
    organization = {"external_id": EXTERNAL_ID, "role_arn": lister, "reader_role": "audit"}
    monkeypatch.setenv("SLSDIAG_ORGANIZATION", json.dumps(organization))
    role = bot()

    assert role.may("sts:AssumeRole", arn("audit", OTHER), IN)
    assert role.may("sts:AssumeRole", arn("audit", THIRD), IN)
    assert not role.may("sts:AssumeRole", arn("audit", OTHER), OUT)
    assert not role.may("sts:AssumeRole", arn("audit", OTHER))  # in no organization
    assert not role.may("sts:AssumeRole", arn("Administrator", OTHER), IN)
    assert role.may("sts:AssumeRole", arn("lister", THIRD)) is bool(lister)
    for operation in ORGANIZATION_OPERATIONS:
        for resource in examples(operation, THIRD):
            assert role.may(operation.action, resource) is (lister is None)
    assert not role.may("organizations:ListPolicies")
    assert EXTERNAL_ID not in str(role)
    assert not bot("--account", OTHER).may("sts:AssumeRole", arn("audit", THIRD), IN)


@pytest.mark.parametrize("form", ["json", "cloudformation", "terraform"])
def test_lister_lists_and_nothing_else_and_lets_only_the_bot_in(capsys, form):
    ours = arn("slsdiag-bot")
    text = printed(capsys, "--role", "organization", "--format", form, "--bot-role", ours)
    role = {
        "json": lambda: from_json(text, bot=ours, external_id=EXTERNAL_ID),
        "cloudformation": lambda: from_cloudformation(text, ExternalId=EXTERNAL_ID),
        "terraform": lambda: from_terraform(text, external_id=EXTERNAL_ID),
    }[form]()

    for operation in ORGANIZATION_OPERATIONS:
        assert all(role.may(operation.action, it) for it in examples(operation, THIRD))
    assert not any(role.may(*each) for each in FORBIDDEN.items())
    assert not any(role.may(each.action) for each in OPERATIONS if each is not WHO_AM_I)
    assert role.lets_in(ours, EXTERNAL_ID)
    assert not role.lets_in(ours)
    assert not role.lets_in(arn("slsdiag-bot", THIRD), EXTERNAL_ID)


def test_without_accounts_the_bot_assumes_nobody(bot, monkeypatch):
    monkeypatch.delenv("SLSDIAG_ACCOUNTS", raising=False)

    assert "sts:AssumeRole" not in str(bot().policy)


@pytest.mark.parametrize(
    ("service", "tags"),
    [
        ("ecs-tasks.amazonaws.com", False),
        ("ec2.amazonaws.com", False),
        ("pods.eks.amazonaws.com", True),
    ],
)
@pytest.mark.parametrize("bot", ["cloudformation", "terraform"], indirect=True)
def test_only_what_runs_the_bot_gets_its_role(bot, service, tags):
    """EKS Pod Identity needs both actions (Amazon EKS User Guide)."""
    role = bot(service=service)

    assert role.lets_in(service, kind="Service")
    assert role.lets_in(service, kind="Service", action="sts:TagSession") is tags
    assert not role.lets_in("lambda.amazonaws.com", kind="Service")
    assert not role.lets_in(arn("anyone", OTHER))
    with pytest.raises(ValueError, match=r"(?i)service"):
        bot(service="lambda.amazonaws.com")


ISSUER = "oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE"
TOKEN = {f"{ISSUER}:aud": "sts.amazonaws.com", f"{ISSUER}:sub": "system:serviceaccount:ops:bot"}


@pytest.mark.parametrize("partition", PARTITIONS)
@pytest.mark.parametrize(
    ("form", "deploy"), [("cloudformation", from_cloudformation), ("terraform", from_terraform)]
)
def test_only_pods_with_the_service_account_get_the_role_by_irsa(capsys, form, deploy, partition):
    words = ("--role", "bot", "--irsa", f"https://{ISSUER}", "--service-account", "ops/bot")
    role = deploy(printed(capsys, *words, "--format", form), partition=partition, account=HERE)
    provider = f"arn:{partition}:iam::{HERE}:oidc-provider/{ISSUER}"

    def lets_in(name=provider, kind="Federated", **said):
        token = {**TOKEN, **{f"{ISSUER}:{key}": value for key, value in said.items()}}
        action = "sts:AssumeRoleWithWebIdentity"
        return allows(role.trust, action, principal=(kind, name), context=token)

    assert lets_in()
    assert not lets_in(sub="system:serviceaccount:ops:other")
    assert not lets_in(sub="system:serviceaccount:default:bot")
    assert not lets_in(aud="another")
    assert not lets_in(provider.replace("EXAMPLE", "OTHER"))
    assert not role.lets_in("pods.eks.amazonaws.com", kind="Service")
    assert not role.lets_in(arn("anyone", OTHER))
    assert role.may("lambda:ListFunctions")


@pytest.mark.parametrize("reader", ["cloudformation", "stackset", "terraform"], indirect=True)
@pytest.mark.parametrize("external_id", ["short", "with spaces in it, many", "", "*" * 20])
def test_an_external_id_that_guards_nothing_is_refused(reader, external_id):
    with pytest.raises(ValueError, match=r"(?i)external_?id"):
        reader(external_id=external_id)


@pytest.mark.slow
def test_each_call_of_a_check_is_allowed(aws, capsys, monkeypatch):
    """With the resources that the calls really name."""
    calls = []
    call = Account.call

    def noted(account, operation, region, **arguments):
        calls.append((operation, region, arguments))
        return call(account, operation, region, **arguments)

    monkeypatch.setattr(Account, "call", noted)
    monkeypatch.setattr(parallel, "published_rate", lambda *_: None)  # their number is not at issue
    accounts = Accounts(read_aws_settings())
    for wanted in DEMO_FUNCTIONS.values():
        aws.accounts.clear()
        plant(aws.account(), wanted, wanted.languages[0])
        target = Target("checkout", region=wanted.region)
        function_check(target, accounts=accounts).report(Symptom.BOTH)
    asked = {
        (each.action, resource_of(each, *more)) for each, *more in calls if each is not WHO_AM_I
    }

    assert len({action for action, _ in asked}) > 12
    for form in FORMATS:
        role = deployed(capsys, monkeypatch, form)
        assert [each for each in asked if not role.may(*each)] == []


def resource_of(operation, region, arguments):
    """The resource that IAM asks about (AWS, Service Authorization Reference)."""
    kinds = {
        "FunctionName": f"lambda:{region}:{OTHER}:function:{{}}",
        "logGroupName": f"logs:{region}:{OTHER}:log-group:{{}}",
        "StackName": f"cloudformation:{region}:{OTHER}:stack/{{}}/1a2b3c",
        "DeliveryStreamName": f"firehose:{region}:{OTHER}:deliverystream/{{}}",
        "RoleName": f"iam::{OTHER}:role/{{}}",
    }
    if operation.service == "cloudtrail" and "arn:" in str(arguments):
        return next(str(value) for value in arguments.values() if "arn:" in str(value))
    for name, resource in kinds.items():
        if name in arguments:
            return f"arn:aws:{resource.format(arguments[name])}"
    return "*"
