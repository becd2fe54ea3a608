"""The files for CI: valid by the schemas of those who read them, and safe with any input."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from check_jsonschema.builtin_schemas import get_builtin_schema
from jsonschema.validators import validator_for
from pre_commit.clientlib import load_manifest

from bot.cli.formats import FORMATS

ROOT = Path(__file__).parents[1]
ACTION = yaml.safe_load((ROOT / "action.yml").read_text())
PAGE = (ROOT / "docs" / "ci.md").read_text()
RUN = next(step for step in ACTION["runs"]["steps"] if step.get("id") == "run")


def examples():
    """Each YAML of the page; `on` is a word there, as GitHub reads it."""
    for text in re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL):
        yield yaml.safe_load(re.sub(r"(?m)^on:", '"on":', text))


WORKFLOWS = [each for each in examples() if "jobs" in each]
PIPELINES = [each for each in examples() if not {"jobs", "repos"} & set(each)]
HOOKS = [each for each in examples() if "repos" in each]


def complaints(schema, document):
    loaded = get_builtin_schema(f"vendor.{schema}")
    return [error.message for error in validator_for(loaded)(loaded).iter_errors(document)]


def test_the_action_is_valid():
    assert complaints("github-actions", ACTION) == []


def test_the_hook_is_valid_and_the_page_names_it():
    (hook,) = load_manifest(ROOT / ".pre-commit-hooks.yaml")
    matched = re.compile(hook["files"]).search

    assert [h["id"] for each in HOOKS for repo in each["repos"] for h in repo["hooks"]] == [
        hook["id"]
    ]
    assert all(map(matched, ["serverless.yml", "a/template.yaml", "b/Stack.template.json"]))
    assert not any(map(matched, ["a/serverless.ts", "my-serverless.yml", "template.yaml.j2"]))


def test_examples_are_valid():
    assert (len(WORKFLOWS), len(PIPELINES), len(HOOKS)) == (3, 1, 1)
    assert [complaints("github-workflows", each) for each in WORKFLOWS] == [[]] * 3
    assert complaints("gitlab-ci", PIPELINES[0]) == []


def test_examples_use_inputs_that_the_action_has():
    steps = [s for each in WORKFLOWS for job in each["jobs"].values() for s in job["steps"]]
    uses = [step["with"] for step in steps if step.get("uses", "").startswith("OWNER/slsdiag")]

    assert len(uses) == 4
    for given in uses:
        assert set(given) <= set(ACTION["inputs"])
        assert given.get("format", "github") in FORMATS[given["command"]]


def test_the_page_lists_every_input_and_format():
    listed = set(re.findall(r"^\| `([\w-]+)`", PAGE, re.MULTILINE))

    assert set(ACTION["inputs"]) | FORMATS["lint"] <= listed


def test_no_script_of_the_action_or_the_page_holds_an_expression():
    """An input inside a script would be run; in `env` it is only a value."""
    steps = [s for each in WORKFLOWS for job in each["jobs"].values() for s in job["steps"]]
    scripts = [step["run"] for step in [*ACTION["runs"]["steps"], *steps] if "run" in step]

    assert len(scripts) == 3
    assert [script for script in scripts if "${{" in script] == []


@pytest.fixture
def action(tmp_path):
    """Runs the action's script as GitHub does; gives its status, its output and what it set."""
    program = tmp_path / "slsdiag" / "bin" / "slsdiag"
    program.parent.mkdir(parents=True)
    code = (
        f"import sys; sys.path.insert(0, {str(ROOT)!r}); from bot.cli import main; sys.exit(main())"
    )
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -c "{code}" "$@"\n')
    program.chmod(0o755)

    def action(**inputs):
        given = {name: each.get("default", "") for name, each in ACTION["inputs"].items()} | {
            name.replace("_", "-"): value for name, value in inputs.items()
        }
        environment = {
            "PATH": "/usr/bin:/bin",
            "RUNNER_TEMP": str(tmp_path),
            "GITHUB_OUTPUT": str(tmp_path / "output"),
        } | {
            variable: given[re.fullmatch(r"\$\{\{ inputs\.([\w-]+) \}\}", value)[1]]
            for variable, value in RUN["env"].items()
        }
        done = subprocess.run(
            ["/bin/bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", RUN["run"]],
            env=environment,
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        return done.returncode, done.stdout + done.stderr, (tmp_path / "output").read_text()

    return action


def test_arguments_reach_no_shell(action, tmp_path):
    hostile = "$(touch planted)\n`touch planted`; touch planted\n* && touch planted"
    status, out, set_ = action(command="check", arguments=hostile)

    assert (status, set_) == (2, "status=2\n")
    assert out.startswith("::error title=slsdiag check%3A usage::")
    assert not list(tmp_path.glob("planted*"))


def test_a_report_goes_to_its_file(action, tmp_path):
    status, out, set_ = action(
        command="check", arguments="a/b", format="junit", report="my report.xml"
    )

    assert (status, set_) == (2, "status=2\n")
    assert (
        out == "::error title=slsdiag::Nothing was checked (exit status 2). The report says why.\n"
    )
    assert (tmp_path / "my report.xml").read_text().startswith("<?xml")


@pytest.mark.parametrize(
    "inputs", [{"command": "serve"}, {"command": "check", "format": "junit"}, {"command": ""}]
)
def test_wrong_inputs_are_refused(action, inputs):
    status, out, set_ = action(**inputs)

    assert (status, set_) == (2, "status=2\n")
    assert out.startswith("::error title=slsdiag::")


@pytest.mark.parametrize(
    ("ended", "fail", "expected"),
    [(3, "true", 3), (3, "false", 0), (1, "false", 1), (4, "false", 4)],
)
def test_only_what_is_undetermined_may_pass(action, tmp_path, ended, fail, expected):
    program = tmp_path / "slsdiag" / "bin" / "slsdiag"
    program.write_text(f"#!/bin/sh\nexit {ended}\n")
    status, _, set_ = action(command="scan", fail_on_undetermined=fail)

    assert (status, set_) == (expected, f"status={ended}\n")
