"""The files that are printed are what CloudFormation, Terraform and IAM take; each action says what it is for."""

from __future__ import annotations

import re
import shlex
from functools import cache

import botocore.session
import pytest
from botocore.validate import validate_parameters
from cfnlint import lint
from cfnlint.config import ManualArgs
from deployed_roles import configuration, template
from policy_sentry.querying.actions import get_action_data

from bot.account_settings import AccountSettings
from bot.aws.operations import OPERATIONS
from bot.aws.organization_operations import ORGANIZATION_OPERATIONS
from bot.aws.permissions import Statement, lists, reads, watches
from bot.aws.queue_operations import WATCH_OPERATIONS
from bot.errors import UsageError
from bot.organization_settings import OrganizationSettings
from bot.setup import cloudformation, commented_yaml, terraform
from bot.setup.irsa import service_account
from bot.setup.roles import BotRole, ReaderRole, bot_role, lister_role, reader_role

ARN = "arn:aws:iam::123456789012:role/slsdiag-bot"
ROLES = {
    "bot": BotRole(),
    "bot with accounts": bot_role(["111122223333", "444455556666"], None, ()),
    "bot with settings": bot_role(
        [], None, [AccountSettings("arn:aws-cn:iam::111122223333:role/a/b")]
    ),
    "bot of a lister": bot_role([], None, (), organization=OrganizationSettings("x", ARN)),
    "bot that lists": bot_role(
        [], None, (), organization=OrganizationSettings("x", reader_role="audit")
    ),
    "bot in pods": bot_role([], None, (), pods=service_account("https://oidc.example.com/id/A1")),
    "lister": lister_role(ARN),
    "reader": ReaderRole(),
    "reader of a bot": reader_role("audit", ARN),
    "reader that watches": reader_role(None, None, watch=True),
}
TEMPLATES = {
    **{
        name: (cloudformation.bot if isinstance(role, BotRole) else cloudformation.reader)(role)
        for name, role in ROLES.items()
    },
    "stack set": cloudformation.stack_set(ReaderRole()),
    "stack set of a bot": cloudformation.stack_set(reader_role(None, ARN)),
}
CONFIGURATIONS = {
    name: (terraform.bot if isinstance(role, BotRole) else terraform.reader)(role)
    for name, role in ROLES.items()
}
FILES = {**TEMPLATES, **{f"{name} in Terraform": text for name, text in CONFIGURATIONS.items()}}
each_file = pytest.mark.parametrize("name", FILES)
each_template = pytest.mark.parametrize("name", TEMPLATES)


@each_template
@pytest.mark.parametrize("region", ["us-east-1", "cn-north-1", "us-gov-west-1"])
def test_cfn_lint_reports_nothing(name, region):
    everything = ManualArgs(include_checks=["I"], regions=[region])

    assert lint(TEMPLATES[name], config=everything) == []


def test_cfn_lint_would_report_a_mistake():
    broken = TEMPLATES["reader"].replace("AssumeRolePolicyDocument", "AssumeRolePolicy")

    assert lint(broken, config=ManualArgs(regions=["us-east-1"]))


@each_file
def test_each_action_says_what_it_is_for(name):
    statements = lists() if name.startswith("lister") else reads()
    statements = (*statements, *(watches() if "watches" in name else ()))
    wanted = {(p.action, p.serves) for each in statements for p in each.permissions}
    said = re.findall(r'^ +# (.+)\n +(?:- )?"?([a-z]+:[A-Za-z]+)"?,?$', FILES[name], re.MULTILINE)
    listed = re.findall(r'^ +(?:- )?"?([a-z]+:[A-Z][A-Za-z]+)"?,?$', FILES[name], re.MULTILINE)

    assert {(action, serves) for serves, action in said} >= wanted
    assert len(said) == len([each for each in listed if each != "sts:AssumeRole"]) + len(
        re.findall("SlsdiagAssumes", FILES[name])
    )


@pytest.mark.parametrize(
    "operation", [*OPERATIONS, *ORGANIZATION_OPERATIONS], ids=lambda each: each.action
)
def test_iam_knows_each_action_as_a_read_of_these_resources(operation):
    """After AWS's Service Authorization Reference, as policy-sentry holds it."""
    service, name = operation.action.split(":")
    known = get_action_data(service, name)[service]
    formats = {each["resource_arn_format"] for each in known}

    assert {each["access_level"] for each in known} <= {"Read", "List"}
    for resource in operation.resources:
        kind = re.sub(r"^arn:[^:]+(:[a-z]+:)[^:]*:[^:]*(:[a-z-]+[:/]).*", r"\1\2", resource)
        known_kinds = {
            re.sub(r"^arn:[^:]+(:[a-z]+:)[^:]*:[^:]*(:[a-z-]+[:/]).*", r"\1\2", each)
            for each in formats
        }
        assert kind in known_kinds, formats


def test_only_who_watches_may_take_messages():
    """Of a queue of that name alone; nothing else is ever changed."""
    for name, text in FILES.items():
        assert ("sqs:DeleteMessage" in text) == ("watches" in name)
        assert ("slsdiag-watch*" in text) == ("watches" in name)
        assert ("takes events off the queue" in text) == ("watches" in name)


@pytest.mark.parametrize("operation", WATCH_OPERATIONS, ids=lambda each: each.action)
def test_iam_knows_what_watching_takes(operation):
    service, name = operation.action.split(":")
    known = get_action_data(service, name)[service]
    formats = {each["resource_arn_format"] for each in known}
    (kind,) = operation.resources

    assert kind == "*" or any(each.startswith(f"arn:${{Partition}}:{service}:") for each in formats)
    assert {each["access_level"] for each in known} <= {"Read", "List", "Write"}


@pytest.mark.parametrize("name", [name for name in TEMPLATES if not name.startswith("bot")])
def test_the_external_id_is_not_shown(name):
    parameter = template(TEMPLATES[name])["Parameters"]["ExternalId"]

    assert parameter["NoEcho"] is True
    assert parameter["MinLength"] == 16
    assert "Default" not in parameter
    assert "ExternalId" not in str(template(TEMPLATES[name])["Outputs"])


@pytest.mark.parametrize("name", ["reader", "reader of a bot"])
def test_terraform_hides_the_external_id(name):
    (variable,) = configuration(CONFIGURATIONS[name])["variable"]["external_id"]

    assert variable["sensitive"] is True
    assert "default" not in variable


@pytest.mark.parametrize("name", CONFIGURATIONS)
def test_terraform_names_what_it_uses(name):
    """Each reference leads to a block that is there."""
    text = CONFIGURATIONS[name]
    blocks = configuration(text)
    named = {
        f"{kind}.{label}": {inner.strip('"') for each in labels for inner in each}
        for kind in ("data", "resource")
        for label, labels in blocks[kind].items()
    }
    used = set(re.findall(r"\b(data\.)?(aws_\w+)\.(\w+)\.\w+", text))

    assert used
    assert set(re.findall(r"\bvar\.(\w+)", text)) == set(blocks.get("variable", ()))
    for data, kind, label in used:
        assert label in named[f"{'data' if data else 'resource'}.{kind}"]


@each_file
def test_no_line_is_left_with_a_blank_of_ours(name):
    assert not re.search(
        r"%\w|##|\{partition\}|\{account\}|[ \t]$", FILES[name].rstrip("\n"), re.MULTILINE
    )
    assert FILES[name].startswith("# ")


@each_file
def test_the_role_is_an_output(name):
    if name in TEMPLATES:
        assert template(FILES[name])["Outputs"]["RoleArn"]["Value"] == ("GetAtt", "Role.Arn")
    else:
        (output,) = configuration(FILES[name])["output"]["role_arn"]
        assert output == {"value": "${aws_iam_role.slsdiag.arn}", "__is_block__": True}


def commands(text):
    """The commands at the head of a file, as a shell splits them; $EXTERNAL_ID is filled in."""
    head = text.split("\n\n")[0].replace("# ", "", 1).replace("\n# ", "\n")
    whole = head.replace("\n#", "\n").replace("\\\n", "")
    for line in re.findall(r"^ +aws .*", whole, re.MULTILINE):
        yield shlex.split(line.replace("$EXTERNAL_ID", "0f7c8a51e9d24b63a1c0"))


@cache
def cloudformation_model():
    return botocore.session.get_session().get_service_model("cloudformation")


@pytest.mark.parametrize("name", ["stack set", "stack set of a bot"])
def test_the_commands_of_a_stack_set_are_what_the_aws_cli_takes(name):
    """Against botocore's model, from which the AWS CLI makes its options."""
    found = {words[2]: options(words[3:]) for words in commands(TEMPLATES[name])}

    assert list(found) == [
        "activate-organizations-access",
        "create-stack-set",
        "create-stack-instances",
    ]
    for verb, given in found.items():
        operation = "".join(map(str.title, verb.split("-")))
        shape = cloudformation_model().operation_model(operation).input_shape
        validate_parameters(given, shape)
    created, placed = found["create-stack-set"], found["create-stack-instances"]
    assert created["StackSetName"] == placed["StackSetName"] == "slsdiag-reader"
    assert created["PermissionModel"] == "SERVICE_MANAGED"
    assert created["Capabilities"] == ["CAPABILITY_NAMED_IAM"]
    parameters = {each["ParameterKey"] for each in created["Parameters"]}
    declared = template(TEMPLATES[name])["Parameters"].items()
    assert parameters == {each for each, parameter in declared if "Default" not in parameter}
    assert len(placed["Regions"]) == 1, "a role is in all Regions"


def options(words):
    """Options with the AWS CLI's shorthand, as the API takes them."""
    found, name = {}, ""
    for word in words:
        if word.startswith("--"):
            name = "".join(map(str.title, word.strip("-").split("-")))
            found[name] = []
        else:
            found[name].append(word)
    return {name: _value(name, values) for name, values in found.items()}


def _value(name, values):
    pairs = [dict(pair.split("=", 1) for pair in each.split(",")) for each in values if "=" in each]
    match name:
        case "AutoDeployment":
            return {key: value == "true" for key, value in pairs[0].items()}
        case "DeploymentTargets":
            return {key: [value] for key, value in pairs[0].items()}
        case "Parameters":
            return pairs
        case "Capabilities" | "Regions":
            return values
    return values[0]


def test_more_readers_than_a_policy_holds_are_refused():
    """10,240 characters (IAM and STS quotas)."""
    many = [f"{number:012}" for number in range(100)]

    assert len(bot_role(many, None, ()).readers) == 100
    with pytest.raises(UsageError, match=r"names 400 reader roles .* 10,240 characters"):
        bot_role([f"{number:012}" for number in range(400)], None, ())


def test_an_account_named_twice_is_one_reader():
    assert bot_role(["111122223333"] * 2, None, ()).readers == (
        "arn:{partition}:iam::111122223333:role/slsdiag-reader",
    )


def test_comments_may_hold_what_yaml_quotes():
    written = commented_yaml.written({"Action": [commented_yaml.commented("a:B", "It's: 'so' #1")]})

    assert written == "Action:\n  # It's: 'so' #1\n  - a:B\n"


def test_resources_are_those_of_the_place():
    statement = Statement("S", (), ("arn:{partition}:iam::{account}:role/r", "*"))

    assert statement.on("aws-cn", "1") == ["arn:aws-cn:iam::1:role/r", "*"]
