"""CloudFormation's functions, SAM's Globals, CDK's own files and Terraform's plans."""

import json

import pytest
from projects import Project

from bot.lint.run import Options, lint

FUNCTION = "AWS::Lambda::Function"


def template(properties, *, kind=FUNCTION, **sections):
    """A template with one function, in JSON; `properties` begin on a line of their own."""
    resources = {"Orders": {"Type": kind, "Properties": properties}, **sections.pop("more", {})}
    return json.dumps({"Resources": resources, **sections}, indent=1)


def outcomes(**options):
    result = lint([], Options(**options))
    return {f.step for f in result.findings}, {(u.step, u.why) for u in result.unknown}


FIVE = [{"Ref": f"Layer{n}"} for n in range(5)]


@pytest.mark.parametrize(
    ("properties", "sections", "expected"),
    [
        pytest.param({"Layers": FIVE}, {}, {"layer_slot_to_spare"}, id="layers of the template"),
        pytest.param(
            {"Layers": [*FIVE[:4], {"Fn::If": ["Prod", "a", {"Ref": "AWS::NoValue"}]}]},
            {},
            "it depends on the condition Prod",
            id="a layer by a condition",
        ),
        pytest.param(
            {"Layers": [*FIVE, {"Fn::If": ["Prod", "a", {"Ref": "AWS::NoValue"}]}]},
            {},
            {"layer_slot_to_spare"},
            id="five without the condition's",
        ),
        pytest.param(
            {"Layers": {"Ref": "AllLayers"}},
            {"Parameters": {"AllLayers": {"Type": "CommaDelimitedList"}}},
            "the parameter AllLayers is given at the deploy",
            id="all layers by a parameter",
        ),
        pytest.param(
            {"Environment": {"Variables": {"AWS_LAMBDA_EXEC_WRAPPER": {"Ref": "Path"}}}},
            {"Parameters": {"Path": {"Type": "String", "Default": ""}}},
            "the parameter Path is given at the deploy",
            id="a parameter's default is not the value",
        ),
        pytest.param(
            {"Environment": {"Variables": {"AWS_LAMBDA_EXEC_WRAPPER": {"Fn::Sub": "/opt/${x}"}}}},
            {},
            "x is known after the deploy",
            id="partly known",
        ),
        pytest.param(
            {
                "Environment": {
                    "Variables": {
                        "AWS_LAMBDA_EXEC_WRAPPER": {"Fn::Join": ["/", ["/opt", "otel-handler"]]}
                    }
                }
            },
            {},
            {"wrapper_set"},
            id="joined",
        ),
        pytest.param(
            {"Layers": [{"Fn::Sub": "arn:aws:lambda:${AWS::Region}:1:layer:Datadog-Node22-x:9"}]},
            {},
            {"no_conflicting_tool"},
            id="a layer's name with a region that is not known",
        ),
        pytest.param(
            {"Environment": {"Variables": {"BIG": "x" * 3_900, "ARN": {"Ref": "Table"}}}},
            {},
            "Table is known after the deploy",
            id="a value that may be too long",
        ),
        pytest.param(
            {"Environment": {"Variables": {"TABLE": {"Ref": "Table"}, "B": {"Ref": "Bucket"}}}},
            {},
            set(),
            id="values that cannot matter",
        ),
        pytest.param(
            {"Runtime": {"Fn::If": ["Old", "python3.11", "python3.12"]}},
            {},
            set(),
            id="either is well",
        ),
        pytest.param(
            {"Runtime": {"Fn::FindInMap": ["Of", "All", "Runtime"]}},
            {"Mappings": {"Of": {"All": {"Runtime": "python3.13"}}}},
            {"runtime_supported"},
            id="a mapping",
        ),
        pytest.param(
            {},
            {"Transform": ["Datadog"]},
            "the transform Datadog changes functions at the deploy",
            id="macro",
        ),
        pytest.param(
            {"LoggingConfig": {"LogFormat": "JSON", "ApplicationLogLevel": "ERROR"}},
            {},
            {"telemetry_payload_logged"},
            id="log level",
        ),
        pytest.param(
            {"DurableConfig": {"ExecutionTimeout": 9}},
            {},
            {"traffic_on_instrumented_version"},
            id="durable",
        ),
        pytest.param(
            {"Role": {"Fn::GetAtt": ["Edge", "Arn"]}}, {}, {"runtime_supported"}, id="edge"
        ),
    ],
)
def test_functions_of_cloudformation(project, properties, sections, expected):
    edge = {
        "Edge": {
            "Type": "AWS::IAM::Role",
            "Properties": {
                "AssumeRolePolicyDocument": {
                    "Statement": [{"Principal": {"Service": ["edgelambda.amazonaws.com"]}}]
                }
            },
        }
    }
    own = {"Runtime": "nodejs22.x", "Handler": "a.b", **properties}
    project(template_DOT_json=template(own, more=edge, **sections))
    found, unknown = outcomes()

    if isinstance(expected, str):
        assert {why for _, why in unknown} == {expected}
        assert found == set()
    else:
        assert (found, unknown) == (expected, set())


@pytest.mark.parametrize(
    ("resource", "expected"),
    [
        (
            {
                "Type": "AWS::Lambda::Alias",
                "Properties": {"FunctionName": {"Ref": "Orders"}, "FunctionVersion": "3"},
            },
            1,
        ),
        (
            {
                "Type": "AWS::Lambda::Alias",
                "Properties": {"FunctionName": {"Ref": "Orders"}, "FunctionVersion": "$LATEST"},
            },
            0,
        ),
        ({"Type": "AWS::Lambda::Version", "Properties": {"FunctionName": {"Ref": "Orders"}}}, 0),
        (
            {
                "Type": "AWS::Lambda::Alias",
                "Properties": {"FunctionName": {"Ref": "Other"}, "FunctionVersion": "3"},
            },
            0,
        ),
    ],
)
def test_an_alias_of_a_version_takes_the_traffic(project, resource, expected):
    own = {"Runtime": "nodejs22.x", "Handler": "a.b"}
    project(template_DOT_json=template(own, more={"Live": resource}))

    assert len(lint([], Options()).findings) == expected


def test_sam_joins_the_lists_of_globals(project):
    """As its transform does (aws-sam-translator 1.115)."""
    project(
        template_DOT_yaml="""
        Transform: AWS::Serverless-2016-10-31
        Globals:
          Function:
            Runtime: nodejs22.x
            Layers: [a, b, c]
        Resources:
          Orders:
            Type: AWS::Serverless::Function
            Properties:
              Handler: a.b
              Layers: [!Ref Own, e]
        """
    )
    (finding,) = lint([], Options()).findings

    assert (finding.step, finding.line, finding.function) == ("layer_slot_to_spare", 11, "Orders")


def test_functions_that_cdk_adds_for_itself_are_not_judged(project):
    path = {"aws:cdk:path": "Shop/Custom::S3AutoDeleteObjectsCustomResourceProvider/Handler"}
    own = {"Type": FUNCTION, "Properties": {"Runtime": "python3.13"}, "Metadata": path}
    project(Shop_DOT_template_DOT_json=template({"Runtime": "nodejs22.x"}, more={"Custom": own}))

    assert outcomes() == (set(), set())


def cdk_out(project, trace, *, region="eu-west-1", runtime="java21"):
    said = [
        {"type": "aws:cdk:logicalId", "data": "Orders"},
        {"type": "aws:cdk:creationStack", "data": ["...new Function2 in aws-cdk-lib...", trace]},
    ]
    made = [{"type": "aws:cdk:creationStack", "data": [trace.replace(":8:", ":3:")]}]
    stack = {
        "type": "aws:cloudformation:stack",
        "environment": f"aws://unknown-account/{region}",
        "properties": {"templateFile": "Shop.template.json"},
    }
    root = project(
        cdk_DOT_out__Shop_DOT_template_DOT_json=template({"Runtime": runtime}),
        cdk_DOT_out__Shop_DOT_metadata_DOT_json=json.dumps(
            {"/Shop": made, "/Shop/Orders/Resource": said}
        ),
        cdk_DOT_out__manifest_DOT_json=json.dumps({"artifacts": {"Shop": stack}}),
    )
    (root / "app.ts").write_text("\n" * 9)


def test_cdk_says_the_region_and_the_line_of_the_code(project, tmp_path):
    trace = f"new Shop ({tmp_path}/app.ts:8:5)"
    cdk_out(project, trace)
    (finding,) = lint(["cdk.out"], Options()).findings
    assert (finding.step, finding.file, finding.line) == ("runtime_supported", "app.ts", 8)

    cdk_out(project, trace, region="cn-north-1", runtime="nodejs22.x")
    (finding,) = lint(["cdk.out"], Options()).findings
    assert (finding.step, finding.file, finding.line) == ("region_supported", "app.ts", 3)


def test_code_outside_the_repository_is_not_named(project):
    cdk_out(project, "new Shop (/etc/passwd:8:5)")
    (finding,) = lint(["cdk.out"], Options()).findings

    assert finding.file == "cdk.out/Shop.template.json"


def plan(after, unknown=None, *, actions=("create",), version="1.2", more=()):
    change = {"actions": list(actions), "after": after, "after_unknown": unknown or {}}
    own = {"address": "aws_lambda_function.orders", "type": "aws_lambda_function", "change": change}
    document = {"format_version": version, "planned_values": {}, "resource_changes": [own, *more]}
    return json.dumps(document, indent=1)


NODE = {"function_name": "orders", "runtime": "nodejs22.x", "handler": "a.b"}


@pytest.mark.parametrize(
    ("after", "unknown", "expected"),
    [
        ({"layers": None}, {}, set()),
        ({"layers": ["a", "b", "c", "d"]}, {"layers": [False] * 4 + [True]}, set()),
        (
            {"layers": ["a", "b", "c", "d", None]},
            {"layers": [False] * 4 + [True]},
            {"layer_slot_to_spare"},
        ),
        ({}, {"layers": True}, "it is known after the apply"),
        (
            {"environment": [{"variables": {}}]},
            {"environment": [{"variables": True}]},
            "it is known after the apply",
        ),
        ({"runtime": "python3.13"}, {}, {"runtime_supported"}),
        ({"runtime": None, "package_type": "Image"}, {}, {"runtime_supported"}),
    ],
)
def test_what_terraform_knows_after_the_apply(project, after, unknown, expected):
    project(plan_DOT_json=plan({**NODE, **after}, unknown))
    found, doubts = outcomes()

    if isinstance(expected, str):
        assert {why for _, why in doubts} == {expected}
    else:
        assert (found, doubts) == (expected, set())


def test_terraforms_alias_is_found_by_its_reference(project):
    alias = {
        "address": "aws_lambda_alias.live",
        "type": "aws_lambda_alias",
        "change": {
            "actions": ["create"],
            "after": {"function_version": "1"},
            "after_unknown": {"function_name": True},
        },
    }
    text = plan({**NODE}, {}, more=[alias])
    document = json.loads(text)
    expressions = {"function_name": {"references": ["aws_lambda_function.orders.arn"]}}
    named = {"address": "aws_lambda_alias.live", "expressions": expressions}
    document["configuration"] = {"root_module": {"resources": [named]}}
    project(plan_DOT_json=json.dumps(document))

    assert outcomes()[0] == {"traffic_on_instrumented_version"}


def test_what_a_plan_deletes_is_not_judged(project):
    project(plan_DOT_json=plan({**NODE, "runtime": "java21"}, actions=["delete"]))

    assert outcomes() == (set(), set())


def test_a_plan_of_a_format_that_is_not_known_is_not_read(project):
    project(plan_DOT_json=plan(NODE, version="2.0"))

    assert outcomes()[1] == {(None, "its format is not one that is known")}


def test_a_name_that_looks_like_a_secret_stays_out_of_sight(project):
    secret = "sk-" + "live-51H8xyzABCDEFghijkl0123"
    after = {
        **NODE,
        "environment": [
            {"variables": {"API_KEY": secret, "AWS_LAMBDA_EXEC_WRAPPER": f"/opt/{secret}"}}
        ],
    }
    project(plan_DOT_json=plan(after))

    assert secret not in repr(lint([], Options()))


def test_every_kind_of_project_is_told_from_the_rest(project, tmp_path):
    for number, kind in enumerate(("Serverless 4", "SAM", "CDK", "Terraform")):
        folder = tmp_path / str(number)
        folder.mkdir()
        own = Project(kind, "one", "json" if kind in {"CDK", "Terraform"} else "yaml")
        own.write(folder, own.plan())
    project(
        node_modules__x__serverless_DOT_yml="service: a\nprovider: {name: aws}\nfunctions: {}\n",
        docker_DOT_yml="services: {}\n",
        openapi_DOT_json='{"openapi": "3.0.0"}',
        serverless_DOT_yml_DOT_ejs="service: <%= name %>",
    )

    assert lint([], Options()).files == 4
