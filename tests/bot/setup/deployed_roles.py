"""What a printed role becomes where it is deployed: its name, its policy, and who may assume it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

import hcl2
import yaml
from hcl2 import SerializationOptions
from policy_evaluation import allows


@dataclass
class Deployed:
    name: str
    policy: dict[str, Any]
    trust: dict[str, Any]

    def may(self, action, resource="*", context=None):
        return allows(self.policy, action, resource, context=context)

    def lets_in(self, principal, external_id=None, action="sts:AssumeRole", kind="AWS"):
        context = {"sts:ExternalId": external_id} if external_id else {}
        return allows(self.trust, action, principal=(kind, principal), context=context)


def from_json(text, *, bot, external_id):
    """The placeholders are filled in by whoever creates the role."""
    for blank, value in (("BOT_ROLE_ARN", bot), ("EXTERNAL_ID", external_id)):
        text = text.replace(f'"{blank}"', json.dumps(value))
    document = json.loads(text)
    return Deployed("", document["policy"], document["trust"])


class _Loader(yaml.SafeLoader):
    """Short forms become ("Ref", "Name")."""


def _short(loader, suffix, node):
    scalar = isinstance(node, yaml.ScalarNode)
    value = loader.construct_scalar(node) if scalar else loader.construct_sequence(node, deep=True)
    return (suffix, value)


_Loader.add_multi_constructor("!", _short)


def template(text):
    return yaml.load(text, _Loader)  # noqa: S506 - derived from the safe one


def from_cloudformation(text, *, partition="aws", account="111122223333", **given):
    """The role of a template, as CloudFormation makes it; refuses what the parameters do not allow."""
    document = template(text)
    values = {"AWS::Partition": partition, "AWS::AccountId": account}
    for name, parameter in document.get("Parameters", {}).items():
        values[name] = _checked(name, parameter, given.pop(name, parameter.get("Default")))
    assert not given, f"no such parameters: {given}"
    conditions = {
        name: values[pair[0][1]] == pair[1]
        for name, (_, pair) in document.get("Conditions", {}).items()
    }
    resources = document["Resources"]
    made = {
        name: _resolved(each["Properties"], values, conditions)
        for name, each in resources.items()
        if conditions.get(each.get("Condition"), True)
    }
    (policy,) = made["Role"]["Policies"]
    role = made["Role"]
    return Deployed(role["RoleName"], policy["PolicyDocument"], role["AssumeRolePolicyDocument"])


def _checked(name, parameter, value):
    if value is None:
        raise ValueError(f"{name} has no value")
    lengths = parameter.get("MinLength", 0), parameter.get("MaxLength", 4096)
    if not lengths[0] <= len(value) <= lengths[1]:
        raise ValueError(f"{name} is too short or too long")
    if not re.fullmatch(parameter.get("AllowedPattern", ".*"), value, re.ASCII):
        raise ValueError(f"{name} does not match")
    if value not in parameter.get("AllowedValues", [value]):
        raise ValueError(f"{name} is not one of the allowed values")
    return value


def _resolved(value, values, conditions):
    match value:
        case ("Ref", "AWS::NoValue"):
            return None
        case ("Ref", name):
            return values.get(name, name)
        case ("Sub", text):
            return re.sub(r"\$\{([\w:]+)\}", lambda found: values[found[1]], text)
        case ("If", [condition, *branches]):
            return _resolved(branches[not conditions[condition]], values, conditions)
        case dict():
            return {key: _resolved(each, values, conditions) for key, each in value.items()}
        case list():
            items = [_resolved(each, values, conditions) for each in value]
            return [each for each in items if each is not None]
        case tuple():
            raise AssertionError(f"not resolved: {value}")
    return value


def configuration(text):
    """Blocks by type and labels, without their quotes."""
    options = SerializationOptions(strip_string_quotes=True)
    parsed = hcl2.loads(text, serialization_options=options)
    return {kind: _merged(blocks) for kind, blocks in parsed.items() if isinstance(blocks, list)}


def _merged(blocks):
    found = {}
    for block in blocks:
        for label, inner in block.items():
            name = label.strip('"')
            found.setdefault(name, []).append(inner)
    return found


def from_terraform(text, *, partition="aws", account="111122223333", **given):
    """The role of a configuration, as Terraform makes it; refuses what the variables do not allow."""
    blocks = configuration(text)
    values = {
        "data.aws_partition.current.partition": partition,
        "data.aws_caller_identity.current.account_id": account,
    }
    for name, (variable,) in blocks.get("variable", {}).items():
        value = given.pop(name, variable.get("default"))
        _validate(name, variable, value)
        values[f"var.{name}"] = value
    assert not given, f"no such variables: {given}"
    documents = {
        f"${{data.aws_iam_policy_document.{label.strip(chr(34))}.json}}": _document(inner, values)
        for each in blocks["data"]["aws_iam_policy_document"]
        for label, inner in each.items()
    }
    (role,), (policy,) = (
        next(iter(blocks["resource"][kind])).values()
        for kind in ("aws_iam_role", "aws_iam_role_policy")
    )
    assert policy["role"] == "${aws_iam_role.slsdiag.name}"
    return Deployed(
        role["name"], documents[policy["policy"]], documents[role["assume_role_policy"]]
    )


def _validate(name, variable, value):
    if value is None:
        raise ValueError(f"{name} has no value")
    for validation in variable.get("validation", []):
        condition = validation["condition"].removeprefix("${").removesuffix("}")
        if not _true(condition, f"var.{name}", value):
            raise ValueError(f"{name}: {validation['error_message']}")


def _true(condition, variable, value):
    """The three kinds of conditions that these configurations have."""
    if found := re.fullmatch(r"can\(regex\((\".*\"), (\S+)\)\)", condition):
        assert found[2] == variable
        return re.search(json.loads(found[1]), value, re.ASCII)
    if found := re.fullmatch(r"contains\((\[.*\]), (\S+)\)", condition):
        assert found[2] == variable
        return value in json.loads(found[1])
    length = rf"length\({re.escape(variable)}\)"
    found = re.fullmatch(rf"{length} >= (\d+) && {length} <= (\d+)", condition)
    assert found, f"not evaluated: {condition}"
    return int(found[1]) <= len(value) <= int(found[2])


def _document(block, values):
    statements = []
    for each in block["statement"]:
        made = {"Effect": "Allow", "Action": _filled(each["actions"], values)}
        if "resources" in each:
            made["Resource"] = _filled(each["resources"], values)
        for principals in each.get("principals", []):
            made["Principal"] = {principals["type"]: _filled(principals["identifiers"], values)}
        for condition in each.get("condition", []):
            wanted = {condition["variable"]: _filled(condition["values"], values)}
            made.setdefault("Condition", {}).setdefault(condition["test"], {}).update(wanted)
        statements.append(made)
    return {"Version": "2012-10-17", "Statement": statements}


def _filled(value, values):
    if isinstance(value, list):
        return [_filled(each, values) for each in value]
    chosen = re.fullmatch(r'\$\{(\S+) == "(\S+)" \? (\[.*\]) : (\[.*\])\}', value)
    if chosen:
        return json.loads(chosen[3] if values[chosen[1]] == chosen[2] else chosen[4])
    filled = re.sub(r"\$\{([\w.]+)\}", lambda found: values[found[1]], value)
    return filled.replace("&{", "${")  # for IAM to fill in (aws_iam_policy_document)
