"""
Projects for the tests, made of parts: a plan in neutral words, and how each kind of project says it.

A plan is {"functions": {key: settings}, "shared": settings, …}; settings are `runtime`, `handler`,
`layers`, `env` and the rest of `_SETTINGS`. A change (planned_changes.py) is made to the plan, so that it
can be tried in every kind of project.
"""

import copy
from dataclasses import dataclass

from written import Marked, written

REGION = "eu-west-1"
ACCOUNT = "123456789012"


def renamed(settings, names):
    """With the names of another kind of project; what is marked stays so."""
    return {
        (Marked(names[str(key)]) if isinstance(key, Marked) else names[str(key)]): value
        for key, value in settings.items()
        if str(key) in names
    }


def taken(settings, *names):
    """(key, value) of those that are there."""
    return [(key, value) for key, value in settings.items() if str(key) in names]


@dataclass(frozen=True)
class Project:
    """One kind of project with one shape of plan."""

    kind: str
    shape: str
    hand: str

    @property
    def name(self):
        return f"{self.kind}, {self.shape}, {self.hand}"

    def plan(self):
        return copy.deepcopy(SHAPES[self.shape])

    def write(self, folder, plan):
        """The files; gives the line of what is marked."""
        file, document = KINDS[self.kind](plan)
        text, line = written(document, self.hand)
        (folder / file).write_text(text)
        for name, content in plan.get("files", {}).items():
            (folder / name).write_text(content)
        return line


def function(runtime=None, handler=None, **settings):
    own = {"runtime": runtime} if runtime else {}
    return {**own, "handler": handler or "src/app.handler", "env": {}, **settings}


SHAPES = {
    "one": {"functions": {"orders": function("nodejs22.x", env={"TABLE": "orders"})}, "shared": {}},
    "two languages": {
        "functions": {
            "orders": function("nodejs22.x", layers=["own"], env={"TABLE": "orders"}),
            "refunds": function("python3.12", "app.handler"),
        },
        "shared": {"env": {"LOG_LEVEL": "info"}},
    },
    "shared": {
        "functions": {
            "orders": function(),
            "carts": function(),
            "clicks": function(env={"A": "b"}),
        },
        "shared": {"runtime": "nodejs24.x", "env": {"STAGE": "dev"}, "layers": ["own"]},
    },
    "shared python": {
        "functions": {"orders": function(handler="app.handler"), "mail": function(handler="m.run")},
        "shared": {"runtime": "python3.11", "env": {"POWERTOOLS_SERVICE_NAME": "shop"}},
    },
    "many": {
        "functions": {
            f"{name}{number}": function(
                runtime, "app.handler", layers=["own"], env={"N": str(number)}
            )
            for number, (name, runtime) in enumerate(
                [("orders", "nodejs22.x"), ("carts", "python3.12"), ("mail", "nodejs20.x")] * 4
            )
        },
        "shared": {"env": {"REGION_NAME": "eu"}},
    },
}


def layer_text(name):
    if name.startswith("arn:"):
        return name
    return f"arn:aws:lambda:{REGION}:{ACCOUNT}:layer:{name}:3"


# --- Serverless Framework ---

_SLS = {
    "runtime": "runtime",
    "handler": "handler",
    "layers": "layers",
    "env": "environment",
    "image": "image",
    "provisioned": "provisionedConcurrency",
    "snap": "snapStart",
    "muted": "disableLogs",
    "log_class": "logs",
    "events": "events",
}


def _sls_settings(settings):
    own = renamed(settings, _SLS)
    if "layers" in own:
        own = {k: [layer_text(x) for x in v] if k == "layers" else v for k, v in own.items()}
    if "logs" in own:
        inner = taken(settings, "log_class")[0]
        key = Marked("logGroupClass") if isinstance(inner[0], Marked) else "logGroupClass"
        own = {str(k): {key: v} if k == "logs" else v for k, v in own.items()}
    return {k: v for k, v in own.items() if v != {}}


def _serverless(version, file="serverless.yml"):
    def made(plan):
        shared = _sls_settings(plan["shared"])
        provider = {"name": "aws", "stage": "dev", **shared, **dict(taken(plan, "region"))}
        provider.setdefault("region", REGION)
        document = {
            "service": "shop",
            "frameworkVersion": version,
            **dict(taken(plan, "app", "plugins", "custom", "stages")),
            "provider": provider,
            "functions": {k: _sls_settings(v) for k, v in plan["functions"].items()},
        }
        resources = _log_resources(plan, lambda key: f"/aws/lambda/shop-dev-{key}")
        if resources:
            document["resources"] = {"Resources": resources}
        return file, document

    return made


def _log_resources(plan, group):
    made = {}
    for key, classes in plan.get("groups", {}).items():
        properties = {"LogGroupName": group(key), **dict(classes)}
        made["Logs"] = {"Type": "AWS::Logs::LogGroup", "Properties": properties}
    for number, (name, key) in enumerate(plan.get("filters", [])):
        where = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:forward-{number}"
        properties = {"LogGroupName": group(key), "DestinationArn": where, "FilterPattern": ""}
        made[name] = {"Type": "AWS::Logs::SubscriptionFilter", "Properties": properties}
    return made


# --- CloudFormation, SAM, CDK ---

_CFN = {
    "runtime": "Runtime",
    "handler": "Handler",
    "layers": "Layers",
    "snap": "SnapStart",
    "level": "ApplicationLogLevel",
}


def logical(key):
    return key[:1].upper() + key[1:]


def _cfn_settings(settings, *, sam):
    own = renamed(settings, _CFN)
    if "Layers" in own:
        own = {k: [layer_text(x) for x in v] if k == "Layers" else v for k, v in own.items()}
    if "SnapStart" in own:
        own = {
            k: {"ApplyOn": "PublishedVersions"} if k == "SnapStart" else v for k, v in own.items()
        }
    if "ApplicationLogLevel" in own:
        level = {k: v for k, v in own.items() if k == "ApplicationLogLevel"}
        own = {k: v for k, v in own.items() if k != "ApplicationLogLevel"}
        own["LoggingConfig"] = {"LogFormat": "JSON", **level}
    for key, value in taken(settings, "env"):
        if value:
            place = Marked("Environment") if isinstance(key, Marked) else "Environment"
            own[place] = {"Variables": value}
    for key, _ in taken(settings, "image"):
        place = Marked("PackageType") if isinstance(key, Marked) else "PackageType"
        own = {k: v for k, v in own.items() if k not in {"Runtime", "Handler", "Layers"}}
        own[place] = "Image"
    for key, value in taken(settings, "provisioned"):
        if sam:
            place = "ProvisionedConcurrencyConfig"
            own["AutoPublishAlias"] = "live"
            own[Marked(place) if isinstance(key, Marked) else place] = {
                "ProvisionedConcurrentExecutions": value
            }
    return own


def _sam(plan):
    shared = _cfn_settings(plan["shared"], sam=True)
    resources = {
        logical(key): {
            "Type": "AWS::Serverless::Function",
            "Properties": {"CodeUri": "src/", **_cfn_settings(settings, sam=True)},
        }
        for key, settings in plan["functions"].items()
    }
    resources |= _log_resources(plan, lambda key: {"Fn::Sub": f"/aws/lambda/${{{logical(key)}}}"})
    document = {"AWSTemplateFormatVersion": "2010-09-09", "Transform": "AWS::Serverless-2016-10-31"}
    if shared:
        document["Globals"] = {"Function": shared}
    return "template.yaml", {**document, "Resources": resources}


def _with_shared(plan, settings):
    """Where nothing is shared by the template's own means, each has all."""
    shared = plan["shared"]
    env = {**shared.get("env", {}), **dict(settings).get("env", {})}
    keys = {str(key) for key in settings}
    own = {k: v for k, v in shared.items() if str(k) not in keys}
    return {
        **own,
        **settings,
        **({} if any(isinstance(k, Marked) for k, _ in taken(settings, "env")) else {"env": env}),
    }


def _cfn(plan):
    resources = {}
    for key, settings in plan["functions"].items():
        own = _cfn_settings(_with_shared(plan, settings), sam=False)
        code = {"S3Bucket": "code", "S3Key": "app.zip"}
        properties = {"Code": code, "Role": "arn:aws:iam::123456789012:role/app", **own}
        resources[logical(key)] = {"Type": "AWS::Lambda::Function", "Properties": properties}
        for mark, _ in taken(settings, "provisioned"):
            version = {"FunctionName": {"Ref": logical(key)}}
            place = "ProvisionedConcurrencyConfig"
            version[Marked(place) if isinstance(mark, Marked) else place] = {
                "ProvisionedConcurrentExecutions": 2
            }
            resources[f"{logical(key)}V"] = {"Type": "AWS::Lambda::Version", "Properties": version}
    resources |= _log_resources(
        plan, lambda key: {"Fn::Join": ["", ["/aws/lambda/", {"Ref": logical(key)}]]}
    )
    return "template.yaml", {"AWSTemplateFormatVersion": "2010-09-09", "Resources": resources}


def _json_of(kind, file):
    return lambda plan: (file, kind(plan)[1])


def _cdk(plan):
    document = _cfn(plan)[1]
    for name, resource in document["Resources"].items():
        resource["Metadata"] = {"aws:cdk:path": f"Shop/{name}/Resource"}
    return "Shop.template.json", document


# --- Terraform ---

_TF = {"runtime": "runtime", "handler": "handler", "layers": "layers"}


def _terraform(plan):
    changes = []
    for key, settings in plan["functions"].items():
        merged = _with_shared(plan, settings)
        after = renamed(merged, _TF)
        after = {k: [layer_text(x) for x in v] if k == "layers" else v for k, v in after.items()}
        for mark, value in taken(merged, "env"):
            place = Marked("environment") if isinstance(mark, Marked) else "environment"
            after[place] = [{"variables": value}]
        for mark, _ in taken(merged, "image"):
            after = {k: v for k, v in after.items() if k not in {"runtime", "handler", "layers"}}
            after[Marked("package_type") if isinstance(mark, Marked) else "package_type"] = "Image"
        for mark, _ in taken(merged, "snap"):
            place = Marked("snap_start") if isinstance(mark, Marked) else "snap_start"
            after[place] = [{"apply_on": "PublishedVersions"}]
        after = {"function_name": f"shop-{key}", **after, "timeout": 3}
        changes.append(_change("aws_lambda_function", key, after, {"arn": True}))
        for mark, value in taken(settings, "provisioned"):
            name = "provisioned_concurrent_executions"
            own = {
                "function_name": f"shop-{key}",
                Marked(name) if isinstance(mark, Marked) else name: value,
            }
            changes.append(_change("aws_lambda_provisioned_concurrency_config", key, own, {}))
    for key, classes in plan.get("groups", {}).items():
        own = {
            "name": f"/aws/lambda/shop-{key}",
            **renamed(dict(classes), {"LogGroupClass": "log_group_class"}),
        }
        changes.append(_change("aws_cloudwatch_log_group", key, own, {}))
    for number, (name, key) in enumerate(plan.get("filters", [])):
        where = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:forward-{number}"
        after_key = Marked("after") if isinstance(name, Marked) else "after"
        own = {
            "name": str(name),
            "log_group_name": f"/aws/lambda/shop-{key}",
            "destination_arn": where,
        }
        changes.append(
            _change("aws_cloudwatch_log_subscription_filter", str(name), own, {}, after_key)
        )
    provider = {"aws": {"expressions": {"region": {"constant_value": REGION}}}}
    return "plan.json", {
        "format_version": "1.2",
        "planned_values": {"root_module": {}},
        "resource_changes": changes,
        "configuration": {"provider_config": provider},
    }


def _change(kind, name, after, unknown, after_key="after"):
    return {
        "address": f"{kind}.{name}",
        "mode": "managed",
        "type": kind,
        "name": name,
        "change": {
            "actions": ["create"],
            "before": None,
            after_key: after,
            "after_unknown": unknown,
        },
    }


KINDS = {
    "Serverless 3": _serverless("3"),
    "Serverless 4": _serverless("^4.4.0"),
    "Serverless JSON": _serverless("4", "serverless.json"),
    "SAM": _sam,
    "SAM JSON": _json_of(_sam, "template.json"),
    "CloudFormation": _cfn,
    "CloudFormation JSON": _json_of(_cfn, "stack.template.json"),
    "CDK": _cdk,
    "Terraform": _terraform,
}
_JSON_ONLY = {"Serverless JSON", "SAM JSON", "CloudFormation JSON", "CDK", "Terraform"}
_HANDS = {True: ("json", "wide json"), False: ("yaml", "quoted yaml", "commented yaml")}
PROJECTS = [
    Project(kind, shape, _HANDS[kind in _JSON_ONLY][number % len(_HANDS[kind in _JSON_ONLY])])
    for number, (kind, shape) in enumerate((k, s) for k in KINDS for s in SHAPES)
]
