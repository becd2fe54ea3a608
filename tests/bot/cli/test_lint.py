"""`slsdiag lint` as a script and a person call it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.cli import main

HEAD = "service: shop\nframeworkVersion: '4'\nprovider:\n  name: aws\n  runtime: nodejs22.x\n"
TAKEN = "functions:\n  orders:\n    handler: a.b\n    layers: [own]\n    environment:\n      AWS_LAMBDA_EXEC_WRAPPER: /opt/otel-handler\n"
WELL = "functions:\n  orders:\n    handler: a.b\n"


@pytest.fixture
def service(tmp_path, monkeypatch):
    """Writes the serverless.yml of the working directory."""
    monkeypatch.chdir(tmp_path)

    def write(text, name="serverless.yml"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
        return tmp_path

    return write


def run(capsys, *words):
    status = main(["lint", *words])
    return (status, *capsys.readouterr())


def document(capsys, *words):
    status, out, _ = run(capsys, "--format", "json", *words)
    return status, json.loads(out)


def test_json_is_as_promised(capsys, service):
    service(HEAD + TAKEN)

    assert document(capsys) == (
        1,
        {
            "schema": 1,
            "files": 1,
            "functions": 1,
            "findings": [
                {
                    "file": "serverless.yml",
                    "line": 11,
                    "column": 7,
                    "function": "orders",
                    "step": "wrapper_set",
                    "outcome": "problem",
                    "headline": "OpenTelemetry owns the exec wrapper",
                    "actions": [
                        {
                            "do": "Remove OpenTelemetry from the function in serverless.yml, SAM, CDK or Terraform, then deploy",
                            "command": None,
                            "link": None,
                            "relief": False,
                            "caution": None,
                        }
                    ],
                }
            ],
            "unknown": [],
            "suppressed": 0,
            "unused_suppressions": [],
        },
    )


def test_text_is_read_like_a_compilers(capsys, service):
    service(HEAD + TAKEN)
    status, out, err = run(capsys)

    assert (status, err) == (1, "")
    assert out.splitlines() == [
        "serverless.yml:11:7: problem: orders: OpenTelemetry owns the exec wrapper [wrapper-set]",
        "  → Remove OpenTelemetry from the function in serverless.yml, SAM, CDK or Terraform, then deploy",
        "",
        "1 problem in 1 function of 1 file.",
        "To accept a finding, write beside it: # slsdiag: ignore NAME-IN-BRACKETS: your reason",
    ]


@pytest.mark.parametrize(
    ("text", "status"),
    [
        (HEAD + WELL, 0),
        (f"{HEAD}{WELL}    provisionedConcurrency: 1\n", 0),
        (HEAD + TAKEN, 1),
        (f"{HEAD}plugins: [own-plugin]\n{WELL}", 3),
        (f"{HEAD}plugins: [own-plugin]\n{TAKEN}", 1),
        ("service: a\nprovider: [\n", 3),
    ],
)
def test_exit_status_is_that_of_a_check(capsys, service, text, status):
    service(text)

    assert run(capsys)[0] == run(capsys, "--json")[0] == status


def test_no_template_is_bad_usage(capsys, service):
    service("services: {}\n", "docker-compose.yml")
    status, out, _ = run(capsys, "--json")

    assert (status, json.loads(out)["error"]["code"]) == (2, "usage")
    assert run(capsys, "docker-compose.yml")[0] == 2
    assert run(capsys, "not-there")[0] == 2


def test_a_named_file_that_cannot_be_read_is_an_error(capsys, service):
    service("service: a\nprovider: [\n")
    status, out, err = run(capsys, "serverless.yml")

    assert (status, out) == (4, "")
    assert err == "slsdiag: serverless.yml cannot be read: line 3 is not valid YAML.\n"


@pytest.mark.parametrize(
    ("comment", "suppressed", "why"),
    [
        ("# slsdiag: ignore wrapper-set: ours starts the SDK", 1, None),
        ("# slsdiag: ignore wrapper_set: ours starts the SDK", 1, None),
        ("# slsdiag: ignore wrapper-set", 0, "the comment gives no reason, so it changes nothing"),
        (
            "# slsdiag: ignore wrapper-set:  ",
            0,
            "the comment gives no reason, so it changes nothing",
        ),
        ("# slsdiag: ignore: because", 0, "the comment names no check"),
        ("# slsdiag: ignore no-such-check: because", 0, "the comment names no check"),
        ("# slsdiag: ignore layer-slot-to-spare: because", 0, "nothing is found there"),
    ],
)
@pytest.mark.parametrize("above", [True, False])
def test_a_finding_is_accepted_by_a_comment_with_a_reason(
    capsys, service, comment, suppressed, why, above
):
    lines = (HEAD + TAKEN).splitlines()
    if above:
        lines.insert(10, f"      {comment}")
    else:
        lines[10] += f"  {comment}"
    service("\n".join(lines) + "\n")
    status, found = document(capsys)

    assert (status, found["suppressed"]) == (0 if suppressed else 1, suppressed)
    assert [unused["why"] for unused in found["unused_suppressions"]] == ([why] if why else [])
    assert (why or "1 ignored") in run(capsys)[1]


def test_what_is_unknown_can_be_accepted_too(capsys, service):
    service(
        f"{HEAD}{WELL}    # slsdiag: ignore layer-slot-to-spare: it holds one\n"
        "    layers: ${ssm:/layers}\n"
    )

    assert run(capsys)[0] == 0


def test_a_baseline_leaves_out_what_was_known(capsys, service, tmp_path):
    service(HEAD + TAKEN)
    (tmp_path / "known.json").write_text(run(capsys, "--json")[1])
    assert run(capsys, "--baseline", "known.json")[0] == 0

    moved = "# a comment\n" + HEAD + TAKEN + "  mail:\n    handler: a.b\n    runtime: java21\n"
    service(moved)
    status, found = document(capsys, "--baseline", "known.json")
    assert (status, [each["function"] for each in found["findings"]]) == (1, ["mail"])


def test_a_baselines_entry_leaves_out_one_finding(capsys, service, tmp_path):
    """Two stages whose switch is off have findings that differ only in their lines."""
    stages = "app: shop\nstages:\n  default: {observability: other}\n"
    service(f"{HEAD}{stages}{WELL}")
    (tmp_path / "known.json").write_text(run(capsys, "--json")[1])
    service(f"{HEAD}{stages}  prod: {{observability: other}}\n{WELL}")

    assert len(document(capsys)[1]["findings"]) == 2
    assert len(document(capsys, "--baseline", "known.json")[1]["findings"]) == 1


def test_a_baseline_leaves_out_what_was_unknown(capsys, service, tmp_path):
    service(f"{HEAD}plugins: [own-plugin]\n{WELL}")
    (tmp_path / "known.json").write_text(run(capsys, "--json")[1])

    assert run(capsys)[0] == 3
    assert run(capsys, "--baseline", "known.json")[0] == 0


def test_links_are_not_followed(capsys, service, tmp_path):
    service(HEAD + TAKEN)
    (tmp_path / "serverless.yaml").symlink_to("serverless.yml")

    assert document(capsys)[1]["files"] == 1


def test_where_there_is_no_sdk_nothing_else_is_said(capsys, service):
    text = TAKEN.replace(
        "handler: a.b", "handler: a.b\n    runtime: java21\n    provisionedConcurrency: 1"
    )
    service(HEAD + text)

    assert [each["step"] for each in document(capsys)[1]["findings"]] == ["runtime_supported"]


@pytest.mark.parametrize("text", ["", "[]", "{}", "{", "null"])
def test_a_baseline_must_be_one(capsys, service, tmp_path, text):
    service(HEAD + TAKEN)
    (tmp_path / "known.json").write_text(text)

    assert run(capsys, "--baseline", "known.json")[0] == 4
    assert run(capsys, "--baseline", "absent.json")[0] == 4


def git(folder, *words):
    settings = {"GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_SYSTEM": "/dev/null"}
    who = ("-c", "user.name=a", "-c", "user.email=a@example.com")
    environment = {**os.environ, **settings}
    subprocess.run(
        ["git", *who, *words],  # noqa: S607 - whichever git there is
        cwd=folder,
        env=environment,
        check=True,
        capture_output=True,
    )


def test_only_what_changed_since_a_revision_is_judged(capsys, service, tmp_path):
    for name in ("a", "b", "c"):
        service(
            HEAD + TAKEN.replace("/opt/otel-handler", "${file(wrapper.yml):path}"),
            f"{name}/serverless.yml",
        )
        service("path: /opt/otel-handler\n", f"{name}/wrapper.yml")
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "first")
    assert document(capsys, "--changed-since", "HEAD")[1]["files"] == 0

    service("path: /opt/dynatrace\n", "b/wrapper.yml")
    service(HEAD + TAKEN, "d/serverless.yml")
    status, found = document(capsys, "--changed-since", "HEAD")
    assert status == 1
    assert [each["file"] for each in found["findings"]] == ["b/wrapper.yml", "d/serverless.yml"]


def test_git_runs_nothing_of_the_repositorys(capsys, service, tmp_path):
    service(HEAD + TAKEN)
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "first")
    git(tmp_path, "config", "core.fsmonitor", f"touch {tmp_path}/ran; false")
    git(tmp_path, "config", "diff.external", f"touch {tmp_path}/ran")
    run(capsys, "--changed-since", "HEAD")

    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize("revision", ["no-such", "--output=x", ""])
def test_a_revision_that_git_does_not_know_is_bad_usage(capsys, service, tmp_path, revision):
    service(HEAD + TAKEN)
    git(tmp_path, "init", "-q")

    assert run(capsys, f"--changed-since={revision}")[0] == 2
    assert sorted(each.name for each in tmp_path.iterdir()) == [".git", "serverless.yml"]


def test_a_finding_is_printed_once_where_paths_overlap(capsys, service):
    service(HEAD + TAKEN)

    assert len(document(capsys, ".", "serverless.yml", str(Path.cwd()))[1]["findings"]) == 1


def test_the_number_of_filters_that_is_set_decides(capsys, service, monkeypatch):
    filters = "".join(
        f"    F{n}:\n      Type: AWS::Logs::SubscriptionFilter\n"
        "      Properties: {LogGroupName: /aws/lambda/shop-dev-orders, DestinationArn: a}\n"
        for n in range(2)
    )
    service(f"{HEAD}{WELL}resources:\n  Resources:\n{filters}")
    assert document(capsys)[1]["findings"][0]["outcome"] == "notice"

    monkeypatch.setenv("SLSDIAG_FILTER_LIMIT", "2")
    assert document(capsys)[1]["findings"][0]["outcome"] == "problem"
    monkeypatch.setenv("SLSDIAG_FILTER_LIMIT", "5")
    assert document(capsys)[1]["findings"] == []


def test_help_and_lint_import_nothing_heavy(service):
    service(HEAD + TAKEN)
    code = (
        "import sys; from bot.cli import main; main(sys.argv[1:]); heavy = {'yaml', 'boto3', 'rich'};"
        "heavy |= {'pydantic', 'slack_bolt', 'redis', 'bot.lint.run'};"
        "print(sorted(heavy & set(sys.modules)))"
    )
    for words, expected in (
        ("--help", "[]"),
        ("--json", "['bot.lint.run', 'yaml']"),
    ):
        done = subprocess.run(
            [sys.executable, "-c", code, "lint", words], capture_output=True, text=True, check=True
        )
        assert done.stdout.strip().endswith(expected)


@pytest.mark.parametrize("form", ["junit", "github", "gitlab", "sarif"])
@pytest.mark.parametrize(("text", "status"), [(HEAD + WELL, 0), (HEAD + TAKEN, 1)])
def test_formats_for_ci_name_file_and_line(capsys, service, form, text, status):
    service(text)
    found, out, _ = run(capsys, "--format", form)

    assert found == status
    assert ("serverless.yml" in out) == (status == 1)
    assert ("11" in out and "OpenTelemetry owns the exec wrapper" in out) == (status == 1)


def test_two_formats_are_refused(capsys, service):
    service(HEAD + WELL)

    assert run(capsys, "--json", "--format", "sarif")[0] == 2


def test_a_file_that_is_no_template_is_passed_over_beside_one_that_is(capsys, service):
    """As pre-commit names files, by their names alone."""
    service("values: 1\n", "template.yaml")
    service(HEAD + TAKEN)

    assert document(capsys, "template.yaml", "serverless.yml")[1]["files"] == 1
