"""What a serverless.yml says by its variables, included files, plugins, resources and packages."""

import os
import shutil
from pathlib import Path

import pytest

from bot.lint.run import Options, lint

FUNCTION = "functions:\n  orders:\n    handler: app.handler\n"
HEAD = "service: shop\nframeworkVersion: '4'\nprovider:\n  name: aws\n  runtime: nodejs22.x\n"
WRAPPER = "AWS_LAMBDA_EXEC_WRAPPER"
TAKEN = "wrapper_set"


def service(*, provider="", more="", function=""):
    """Lines are counted from HEAD: provider's begin on 6."""
    return f"{HEAD}{provider}{more}{FUNCTION}{function}"


@pytest.mark.parametrize(
    ("value", "line"),
    [
        pytest.param("${self:custom.path}", 7, id="self"),
        pytest.param("${self:custom.paths.${opt:stage, 'dev'}}", 9, id="nested, with a default"),
        pytest.param("${self:custom.paths.${sls:stage}}", 9, id="sls"),
        pytest.param("${opt:wrapper, self:custom.path}", 7, id="fallback"),
        pytest.param("${opt:wrapper, '/opt/otel-handler'}", 15, id="text as a fallback"),
        pytest.param("${param:path}", 3, id="stage's parameter"),
        pytest.param("/opt/${self:custom.tool}-handler", 15, id="within text"),
    ],
)
def test_variables_are_resolved_to_their_place(project, found, value, line):
    custom = (
        "custom:\n  path: /opt/otel-handler\n  paths:\n    dev: /opt/lumigo_wrapper\n  tool: otel\n"
    )
    text = service(more=custom, function=f"    environment:\n      {WRAPPER}: {value}\n")
    if "param" in value:
        text = f"params:\n  dev:\n    path: /opt/dynatrace\n{text}"
    project(serverless_DOT_yml=text)

    assert found() == ([(TAKEN, line, "orders")], [])


@pytest.mark.parametrize(
    "value",
    [
        "${ssm:/wrapper}",
        "${ssm:/wrapper, '/opt/otel-handler'}",
        "${env:WRAPPER, ''}",
        "${cf:other.Wrapper}",
        "${file(wrapper.js):path}",
        "${self:custom.circle}",
        "/opt/${ssm:/tool}",
        "${param:unheard}",
    ],
)
def test_what_only_the_deploy_knows_is_unknown_and_no_default_is_taken(project, found, value):
    custom = "custom:\n  circle: ${self:custom.round}\n  round: ${self:custom.circle}\n"
    text = service(more=custom, function=f"    environment:\n      {WRAPPER}: {value}\n")
    root = project(serverless_DOT_yml=text)
    (root / "wrapper.js").write_text("module.exports = {path: '/opt/x'}")

    findings, unknown = found()
    assert findings == []
    assert [step for step, _, _ in unknown] == [TAKEN]


def test_included_files_are_read_and_named(project, found):
    project(
        serverless_DOT_yml=f"{HEAD}  environment: ${{file(env/all.yml)}}\n{FUNCTION}",
        env__all_DOT_yml=f"STAGE: dev\n{WRAPPER}: /opt/otel-handler\n",
    )
    (finding,) = lint([], Options()).findings
    assert (finding.file, finding.line) == ("env/all.yml", 2)


def test_nothing_outside_the_repository_is_read(project, found, tmp_path):
    (tmp_path / "secret.yml").write_text(f"{WRAPPER}: /opt/otel-handler\n")
    own = tmp_path / "repository"
    own.mkdir()
    (own / ".git").mkdir()
    (own / "link.yml").symlink_to(tmp_path / "secret.yml")
    for name in ("../secret.yml", str(tmp_path / "secret.yml"), "link.yml"):
        text = f"{HEAD}  environment: ${{file({name})}}\n{FUNCTION}"
        (own / "serverless.yml").write_text(text)
        findings, unknown = found(str(own))

        assert findings == []
        assert {step for step, _, _ in unknown} == {
            TAKEN,
            "no_conflicting_tool",
            "environment_has_room",
        }


def test_anchors_and_merges_stand_where_they_are_written(project, found):
    project(
        serverless_DOT_yml=f"""
        service: shop
        x-defaults: &defaults
          handler: app.handler
          runtime: python3.13
        x-wrapper: &wrapper /opt/otel-handler
        provider: {{name: aws}}
        functions:
          orders:
            <<: *defaults
          mail:
            <<: *defaults
            runtime: nodejs22.x
            environment:
              {WRAPPER}: *wrapper
        """
    )

    assert found()[0] == [("runtime_supported", 4, "orders"), (TAKEN, 5, "mail")]


def test_what_stands_once_for_many_functions_is_one_finding(project, found):
    text = HEAD.replace("nodejs22.x", "python3.13")
    project(serverless_DOT_yml=f"{text}{FUNCTION}  mail:\n    handler: app.mail\n")

    assert found()[0] == [("runtime_supported", 5, None)]


@pytest.mark.parametrize(
    ("version", "expected"),
    [("'3'", []), ("'4'", []), ("^4.1.0", []), (None, ["runtime_supported"])],
)
def test_a_missing_runtime_is_the_frameworks_own(project, found, version, expected):
    wanted = f"frameworkVersion: {version}\n" if version else ""
    project(serverless_DOT_yml=f"service: a\n{wanted}provider: {{name: aws}}\n{FUNCTION}")

    assert [step for step, _, _ in found()[1]] == expected


def test_the_package_json_names_the_framework(project, found):
    project(
        serverless_DOT_yml=f"service: a\nprovider: {{name: aws}}\n{FUNCTION}",
        package_DOT_json='{"devDependencies": {"osls": "^4.3.1"}}',
    )

    assert found() == ([], [])


def test_resources_come_last(project, found):
    resources = """
resources:
  - Resources:
      OrdersLambdaFunction:
        Type: AWS::Lambda::Function
        Properties:
          Runtime: python3.14
  - extensions:
      MailDashoutLambdaFunction:
        Properties:
          Layers: [a, b, c, d, e]
"""
    project(
        serverless_DOT_yml=f"{HEAD}{FUNCTION}  mail-out:\n    handler: a.b\n    layers: [x]\n{resources}"
    )

    assert found()[0] == [
        ("runtime_supported", 18, "orders"),
        ("layer_slot_to_spare", 22, "mail-out"),
    ]


def test_a_plugin_that_is_not_known_may_change_anything(project, found):
    project(serverless_DOT_yml=f"{HEAD}plugins:\n  - serverless-offline\n  - ./own\n{FUNCTION}")

    findings, unknown = found()
    assert findings == []
    assert {(line, function) for _, line, function in unknown} == {(8, "orders")}
    assert {step for step, _, _ in unknown} == {
        "subscription_filter_to_spare",
        "layer_slot_to_spare",
        TAKEN,
        "environment_has_room",
        "no_conflicting_tool",
    }


def test_a_proof_is_none_the_less_beside_such_a_plugin(project, found):
    project(serverless_DOT_yml=f"{HEAD}plugins: [./own]\n{FUNCTION}    layers: [a, b, c, d, e]\n")

    assert found()[0] == [("layer_slot_to_spare", 10, "orders")]


def test_a_cloudfront_event_is_lambda_at_the_edge(project, found):
    events = "    events:\n      - cloudFront: {eventType: viewer-request, origin: s3://a}\n"
    project(serverless_DOT_yml=service(function=events))

    assert found()[0] == [("runtime_supported", 10, "orders")]


def test_another_functions_event_takes_a_filter_of_the_log_group(project, found):
    event = "    events:\n      - cloudwatchLog: /aws/lambda/shop-dev-orders\n"
    more = "".join(f"  f{n}:\n    handler: a.b\n{event}" for n in range(2))
    project(serverless_DOT_yml=service(function=more))

    assert found() == ([("subscription_filter_to_spare", 16, "orders")], [])


@pytest.mark.parametrize("part", ["functions", "resources"])
@pytest.mark.parametrize("value", ["${file(made.js)}", "\n  - ${file(made.js)}\n  - {}"])
def test_parts_that_code_makes_are_unknown(project, found, part, value):
    root = project(serverless_DOT_yml=f"{HEAD}{part}: {value}\n")
    (root / "made.js").write_text("module.exports = {}")
    findings, unknown = found()

    assert (findings, [step for step, _, _ in unknown]) == ([], [None])


def test_a_stage_without_variables_has_none(project, found):
    project(serverless_DOT_yml=f"{HEAD}  environment: ${{file(env.yml):dev, ''}}\n{FUNCTION}")

    assert found() == ([], [])


def test_every_stages_switch_is_read_where_no_stage_is_named(project, found):
    stages = "app: shop\nstages:\n  prod:\n    observability: false\n  dev: {observability: true}\n"
    project(serverless_DOT_yml=service(more=stages))

    assert found()[0] == [("function_instrumented", 9, None)]
    assert found(stage="dev")[0] == []
    assert found(stage="prod")[0] == [("function_instrumented", 9, None)]


def test_a_switch_that_the_framework_ignores_is_a_notice(project, found):
    text = service(more="stages:\n  default: {observability: true}\n")
    project(serverless_DOT_yml=text.replace("'4'", "'3'"))

    (finding,) = lint([], Options()).findings
    assert (finding.step, finding.outcome) == ("function_instrumented", "notice")


def test_another_cloud_is_not_looked_at(project, found):
    project(
        serverless_DOT_yml="service: a\nprovider: {name: google}\nfunctions: {f: {handler: x}}\n"
    )

    assert found() == ([], [])


PACKAGED = Path(__file__).parent / "packaged"


def with_package(root, *, age):
    """What osls packaged of packaged/serverless.yml, `age` seconds newer than the service."""
    shutil.copy(PACKAGED / "serverless.yml", root / "serverless.yml")
    (root / ".serverless").mkdir()
    for name in ("cloudformation-template-update-stack.json", "serverless-state.json"):
        shutil.copy(PACKAGED / name, root / ".serverless" / name)
        now = (root / "serverless.yml").stat().st_mtime
        os.utime(root / ".serverless" / name, (now + age, now + age))


def test_a_fresh_package_is_the_truth(project, found):
    """It was made with Datadog's plugin, which a serverless.yml alone only predicts."""
    root = project()
    with_package(root, age=5)

    assert found() == (
        [
            ("traffic_on_instrumented_version", 11, "orders"),
            (TAKEN, 15, "orders"),
            ("traffic_on_instrumented_version", 22, "pay-me"),
            ("no_conflicting_tool", 24, "orders"),
            ("no_conflicting_tool", 24, "pay-me"),
        ],
        [],
    )


def test_a_stale_package_or_one_of_another_stage_is_not_read(project, found):
    """The package is made to say java21, which the service does not."""
    root = project()
    with_package(root, age=5)
    template = root / ".serverless" / "cloudformation-template-update-stack.json"
    template.write_text(template.read_text().replace("nodejs22.x", "java21"))
    made = (root / "serverless.yml").stat().st_mtime
    packaged = ("runtime_supported", 4, "orders")

    os.utime(template, (made + 5, made + 5))
    assert packaged in found()[0]
    assert packaged not in found(stage="prod")[0]
    os.utime(template, (made - 5, made - 5))
    assert packaged not in found()[0]


def test_a_configuration_that_is_code_needs_a_package(project, found):
    root = project(serverless_DOT_ts="export default {service: 'shop'}\n")
    assert found() == ([], [(None, 1, None)])

    with_package(root, age=5)
    (root / "serverless.yml").unlink()
    findings, unknown = found()
    assert unknown == []
    assert {function for _, _, function in findings} == {"orders", "pay-me"}


def test_the_size_of_the_package_is_judged(project, found):
    """By its zip, as AWS does not tell what it unzips to."""
    root = project()
    with_package(root, age=5)
    with (root / ".serverless" / "shop.zip").open("wb") as package:
        package.truncate(80_000_000)

    assert ("code_size_within_limit", 9, "orders") in found()[0]


def test_a_service_of_another_name_is_read_where_it_is_named(project, found):
    project(orders_DOT_yml=service(function="    runtime: java21\n"))

    assert found("orders.yml")[0] == [("runtime_supported", 9, "orders")]


def test_the_framework_refuses_a_repeated_key_and_cloudformation_does_not(project, found):
    cloud = "Resources:\n  F:\n    Type: AWS::Lambda::Function\n    Properties: {Runtime: java21}\n"
    project(serverless_DOT_yml=f"{service()}service: again\n")
    assert found() == ([], [(None, 9, None)])

    project(serverless_DOT_yml=service(), template_DOT_yaml=f"{cloud}Resources: {{}}\n")
    assert found() == ([], [])
