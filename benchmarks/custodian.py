"""
`slsdiag scan` against Cloud Custodian, over one fake account at 25 ms a call.

    python benchmarks/custodian.py [FUNCTIONS]

Custodian answers a slice of the runbook with its three nearest policies, each a run of its own:
variables and layers, invocations, subscription filters. It is held to no rate of AWS's, slsdiag to
half of them. Prints the ratio of the times, and where the lists of flagged functions differ. c7n is
installed, pinned, in the user's cache folder.
"""

from __future__ import annotations

import json
import subprocess
import sys
import venv
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import platformdirs
from fleets import every_kind
from measured import SLSDIAG, Run, run

from bot.playground.account import FakeAws
from bot.playground.account.demo_functions import FILTER, NODE, PYTHON, REGION

PINNED = "c7n==0.9.53"
LATENCY = 0.025
_WRAPPER = "Environment.Variables.AWS_LAMBDA_EXEC_WRAPPER"
POLICIES: dict[str, dict[str, Any]] = {
    "configuration": {
        "resource": "aws.lambda",
        "filters": [
            {
                "or": [
                    {_WRAPPER: "absent"},
                    {
                        "type": "value",
                        "key": _WRAPPER,
                        "op": "not-in",
                        "value": [NODE.wrapper, PYTHON.wrapper],
                    },
                    {"Environment.Variables.SLS_ORG_ID": "empty"},
                    {
                        "not": [
                            {
                                "type": "value",
                                "key": "join(',', Layers[].Arn || `[]`)",
                                "op": "regex",
                                "value": ".*:layer:sls-sdk-.*",
                            }
                        ]
                    },
                ]
            }
        ],
    },
    "invocations": {
        "resource": "aws.lambda",
        "filters": [
            {
                "type": "metrics",
                "name": "Invocations",
                "statistics": "Sum",
                "days": 15,
                "period": 86400,
                "op": "lt",
                "value": 1,
                "missing-value": 0,
            }
        ],
    },
    "filters": {
        "resource": "aws.log-group",
        "filters": [
            {"not": [{"type": "subscription-filter", "key": "filterName", "value": FILTER}]}
        ],
    },
}


def main() -> None:
    """Both, and their lists."""
    size = int(sys.argv[1]) if len(sys.argv) > 1 else 2_000
    with FakeAws(quotas=True) as aws:
        kinds = every_kind(aws.account(), size)
        aws.latency = LATENCY
        quick = run(aws, (*SLSDIAG, "scan", "--quick", "--all", "--json"))
        whole = run(aws, (*SLSDIAG, "scan", "--all", "--json"))
        aws.quotas = False
        runs, flagged = custodian(aws)
    wall = sum(each.wall for each in runs.values())
    parts = ", ".join(
        f"{what} {each.wall:.1f} s and {each.called:,} calls" for what, each in runs.items()
    )
    print(f"{size:,} functions: c7n {wall:.1f} s ({parts})")
    for what, ours in (("--quick", quick), ("the whole scan", whole)):
        print(f"  {what} {ours.wall:.1f} s, {ours.called:,} calls: {wall / ours.wall:.1f} × faster")
    compare(kinds, json.loads(whole.output), flagged)


def custodian(aws: FakeAws) -> tuple[dict[str, Run], dict[str, set[str]]]:
    """What each policy took, and the functions that it flagged."""
    program = installed()
    runs, flagged = {}, {}
    with TemporaryDirectory() as folder:
        for name, policy in POLICIES.items():
            file = Path(folder, f"{name}.json")
            file.write_text(json.dumps({"policies": [{"name": name, **policy}]}))
            command = (program, "run", "-s", folder, "--cache-period", "0", "-r", REGION, str(file))
            runs[name] = run(aws, command)
            found = json.loads(Path(folder, name, "resources.json").read_text())
            flagged[name] = {
                each.get("FunctionName") or each["logGroupName"].rpartition("/")[2]
                for each in found
            }
    return runs, flagged


def installed() -> str:
    """Custodian's program, in an environment of its own that is made once."""
    home = platformdirs.user_cache_path("slsdiag-benchmarks") / PINNED
    program = home / "bin" / "custodian"
    if not program.exists():
        venv.create(home, with_pip=True, clear=True)
        subprocess.run([home / "bin" / "pip", "install", "-q", PINNED], check=True)
    return str(program)


def compare(kinds: dict[str, str], scan: dict[str, Any], flagged: dict[str, set[str]]) -> None:
    """Both lists, and by kind what only one of them holds."""
    ours = {
        function["name"]: each["cause"] for each in scan["causes"] for function in each["functions"]
    }
    theirs = set().union(*flagged.values())
    both = theirs & ours.keys()
    print(f"  flagged by both {len(both)}, of {len(theirs)} by c7n and {len(ours)} by the scan")
    for name in sorted(theirs - ours.keys()):
        by = ", ".join(what for what, names in flagged.items() if name in names)
        print(f"    only c7n ({by}): {kinds[name]}")
    only = Counter(ours[name] for name in ours.keys() - theirs)
    for cause, count in only.most_common():
        print(f"    only the scan: {count} × {cause}, which these policies cannot tell")


if __name__ == "__main__":
    main()
