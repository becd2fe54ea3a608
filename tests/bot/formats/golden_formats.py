"""
A few telling documents, as CI gets them, in files.

    python tests/bot/formats/golden_formats.py

writes them again. Read the difference before you commit it.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

FOLDER = Path(__file__).parent / "golden"
ROOT = FOLDER.parents[3]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "checks")]

from planted import PLANTED  # noqa: E402 - its folder is put on the path above
from situations import NOON, a_function, evidence  # noqa: E402

from bot.formats import gitlab, lint, report  # noqa: E402
from bot.formats.findings import Finding, Findings, Unknown  # noqa: E402
from bot.scan import ci_formats  # noqa: E402
from bot.scan.model import ProblemClass, Scan, Seen, Unreadable  # noqa: E402
from checks.model import Action, Symptom  # noqa: E402
from checks.runbook import walk  # noqa: E402

FOUND = {case.id: case.values[0] for case in PLANTED}
PLACE = ("eu-west-1", "123456789012")
WHOLE = walk(evidence(**{"function": a_function(), **FOUND["Datadog's wrapper"]}))
STEPS = {"invoked", "traces_not_sampled", "telemetry_payload_logged", "wrapper_set"}
REPORT = replace(WHOLE, steps=tuple(line for line in WHOLE.steps if line.step in STEPS))
MOVE = Action("Remove the plugin serverless-plugin-datadog", caution="its metrics stop")
LINT = Findings(
    files=2,
    functions=3,
    findings=(
        Finding(
            "api/serverless.yml",
            14,
            5,
            "orders",
            "wrapper_set",
            "problem",
            "Datadog owns the exec wrapper",
            (MOVE,),
        ),
        Finding(
            "api/serverless.yml", 3, 3, None, "layer_slot_to_spare", "notice", "4 of 5 taken", ()
        ),
    ),
    unknown=(Unknown("web/template.yaml", 9, "Carts", "layer_attached", "${ssm:/layers}"),),
)
SCAN = Scan(
    NOON,
    (
        Seen(
            "billing",
            *PLACE,
            "problem",
            "layer_attached",
            ProblemClass.DOWN,
            exact=True,
            saw="No layer of the SDK is attached.",
            impact="down",
            headline="SDK layer missing",
        ),
        Seen("carts", *PLACE, "undetermined"),
        Seen("checkout", *PLACE, "healthy", exact=True),
        Seen("invoices", *PLACE, "problem", "runtime_supported", ProblemClass.NOT_INSTRUMENTED),
        Seen("search", *PLACE, "unverified"),
    ),
    (Unreadable("123456789012", "eu-west-3", "Access was denied.", denied=True),),
)


def documents():
    """Each by the name of its file."""
    return {
        "check.xml": report.as_junit(REPORT, Symptom.BOTH),
        "check.txt": report.as_annotations(REPORT, Symptom.BOTH),
        "scan.xml": ci_formats.as_junit(SCAN),
        "scan.txt": ci_formats.as_annotations(SCAN),
        "lint.xml": lint.as_junit(LINT),
        "lint.txt": lint.as_annotations(LINT),
        "lint.gitlab.json": gitlab.document(LINT),
    }


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, text in documents().items():
        (FOLDER / name).write_text(f"{text}\n")
