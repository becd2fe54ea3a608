"""
Recipes of CONTRIBUTING.md, followed to the letter in a copy of the code.

Each touches the files that it names, and no others; what is added runs, and what is forgotten is
missed. What a new step costs is in tests/checks/test_adding_a_step.py.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bot.app.parser import ALONE, HELP, VERBS

ROOT = Path(__file__).parents[1]
WITHOUT = shutil.ignore_patterns("__pycache__", "node_modules", "web", "static")
END = ""
"""What is added at the end of a file."""

FIELD = "    log_destinations: tuple[LogDestination, ...] | Missing | None = None\n"
EVIDENCE = {
    "checks/evidence/region.py": {
        END: '\n\n@dataclass(frozen=True)\nclass LogDestination:\n    """A dummy."""\n\n    name: str\n'
    },
    "checks/evidence/__init__.py": {
        "import DeliveryStream, DeploymentEvents, MetricPipe": (
            "import DeliveryStream, DeploymentEvents, LogDestination, MetricPipe"
        ),
        "    expected: Expected = Expected()\n": FIELD + "    expected: Expected = Expected()\n",
    },
    "bot/aws/operations.py": {
        "\nOPERATIONS = tuple(": "\nDESTINATIONS = Operation("
        '"logs", "describe_destinations", "logs:DescribeDestinations", serves="A dummy")\n'
        "OPERATIONS = tuple("
    },
    "bot/aws/evidence/region.py": {
        "import DELIVERY_STREAM,": "import DELIVERY_STREAM, DESTINATIONS,",
        "import BUFFER, COUNTED,": "import BUFFER, COUNTED, LogDestination,",
        "    metric_pipe: MetricPipe | Missing\n": "    metric_pipe: MetricPipe | Missing\n"
        + FIELD,
        "    return RegionParts(stream, _pipe(wave.get(running), wave.get(leads)))": """\
    listed = wave.ask("log destinations", _destinations, account, region)
    pipe = _pipe(wave.get(running), wave.get(leads))
    return RegionParts(stream, pipe, wave.get(listed))""",
        END: '''

def _destinations(account: Account, region: str) -> tuple[LogDestination, ...] | Missing:
    """A dummy."""

    def read() -> tuple[LogDestination, ...]:
        found = account.call(DESTINATIONS, region)["destinations"]
        return tuple(LogDestination(each["destinationName"]) for each in found)

    return or_missing(DESTINATIONS, region, read)
''',
    },
}
CHECKED = """
from dataclasses import replace

from bot.aws.accounts import Accounts
from bot.aws.permissions import policy
from bot.diagnosis.gather import function_check
from bot.playground.account import FakeAws
from bot.playground.account.answers import logs
from bot.playground.account.demo_functions import demo
from bot.playground.demo import fake_environment
from bot.scan.local import Scanner
from bot.scan.survey import FirstTier
from bot.settings import read_aws_settings
from bot.target import Target
from checks.model import ok
from checks.runbook import RUNBOOK, try_step

def check(log_destinations: tuple):
    return ok(f"There is {log_destinations[0].name}.")

step = replace(RUNBOOK[0], check=check)
judged = FirstTier._judgment
FirstTier._judgment = lambda tier, evidence, **more: (
    scanned.append(evidence.log_destinations), judged(tier, evidence, **more))[1]
scanned = []
with FakeAws() as aws:
    demo(aws.account())
    fake_environment(aws)
    print("unanswered:", try_step(step, function_check(Target("orders")).evidence()).saw)
    logs.ANSWERS["DescribeDestinations"] = lambda _: {"destinations": [{"destinationName": "central"}]}
    print("read:", try_step(step, function_check(Target("orders")).evidence()).saw)
    accounts = Accounts(read_aws_settings())
    Scanner([accounts.location(None, "eu-west-1")], accounts.expected).first()
    print("scanned:", {each[0].name for each in scanned})
    aws.fail("logs", "DescribeDestinations")
    print("refused:", try_step(step, function_check(Target("orders")).evidence()))
print("allowed:", "logs:DescribeDestinations" in str(policy()))
"""

COMMAND = {
    "bot/app/parser.py": {
        "\nWanted = Say": '''
@dataclass(frozen=True, slots=True)
class Hello:
    """A dummy."""


Wanted = Say | Hello''',
        '    "doctor": Doctor(),\n': '    "doctor": Doctor(),\n    "hello": Hello(),\n',
        '    "In a thread, mention me': '    "• /slsdiag hello: greets you\\n"\n    "In a thread, mention me',
        '    "doctor": Role.ADMIN,\n': '    "doctor": Role.ADMIN,\n    "hello": Role.VIEWER,\n',
    },
    "bot/app/commands.py": {
        "    Doctor,\n    History,": "    Doctor,\n    Hello,\n    History,",
        "AtOnce = ListAccounts": "AtOnce = Hello | ListAccounts",
        "        case Doctor():\n": '        case Hello():\n            return words("Hello!")\n        case Doctor():\n',
    },
    "README.md": {
        "| `/slsdiag runbook`, `account`": "| `/slsdiag hello` | a greeting |\n| `/slsdiag runbook`, `account`"
    },
}
TYPED = """
from bot.app.parser import ALONE, HELP, to_type
from bot.playground.demo import running

with running() as demo:
    print("answered:", demo.you.types("/slsdiag hello").text)
print("needs:", to_type(["hello"]).name)
"""


@pytest.fixture
def copy(tmp_path):
    for part in ("bot", "checks"):
        shutil.copytree(ROOT / part, tmp_path / part, ignore=WITHOUT)
    shutil.copy(ROOT / "README.md", tmp_path)
    return tmp_path


def follow(copy, recipe):
    for file, changes in recipe.items():
        path = copy / file
        for known, changed in changes.items():
            text = path.read_text()
            assert not known or text.count(known) == 1, f"{file}: {known}"
            path.write_text(text.replace(known, changed) if known else text + changed)


def said(copy, program):
    """What a program prints that imports the copy, by its labels."""
    command = [sys.executable, "-W", "error::ImportWarning", "-c", program]
    run = subprocess.run(command, cwd=copy, capture_output=True, text=True, check=False, timeout=60)
    assert run.returncode == 0, run.stdout + run.stderr
    return dict(line.split(": ", 1) for line in run.stdout.splitlines())


def files_of(heading):
    """The files that the recipe's numbered steps name, each by its first path."""
    recipe = (ROOT / "CONTRIBUTING.md").read_text().split(f"## {heading}\n")[1].split("\n## ")[0]
    steps = re.findall(r"^\d\. .*(?:\n {3}.*)*", recipe, re.MULTILINE)
    return [re.search(r"[\w/]*\w+\.(?:py|md|yaml)", step)[0] for step in steps]


@pytest.mark.slow
def test_evidence_takes_four_files(copy):
    follow(copy, EVIDENCE)
    found = said(copy, CHECKED)

    assert len(EVIDENCE) == len(files_of("Add evidence")) == 4
    assert "UnknownOperationException" in found["unanswered"]
    assert found["read"] == "There is central."
    assert found["scanned"] == "{'central'}"
    assert "AWS does not allow logs:DescribeDestinations" in found["refused"]
    assert found["allowed"] == "True"


@pytest.mark.slow
def test_a_command_takes_three_files(copy):
    follow(copy, COMMAND)

    assert said(copy, TYPED) == {"answered": "Hello!", "needs": "VIEWER"}
    assert list(COMMAND) == files_of("Add a command")
    assert len(COMMAND) == 3


def unexplained(words, page):
    """The commands that a page does not show, on their own or in a list of them."""
    return {word for word in words if not re.search(rf"(/slsdiag |[,`] ?`?){word}\b", page)}


def test_each_command_is_in_the_help_and_in_the_readme():
    table = (ROOT / "README.md").read_text().split("## In Slack")[1].split("\n## ")[0]

    assert not unexplained((*VERBS, *ALONE), HELP)
    assert not unexplained((*VERBS, *ALONE, "help"), table)
    assert unexplained(["greet"], HELP) == unexplained(["greet"], table) == {"greet"}
