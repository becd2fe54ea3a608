"""
One check as a file: whoever has it sees what slsdiag saw, without access to the account.

    report.json     what `slsdiag check --json` prints
    evidence.json   what the report was made from, redacted as slsdiag holds it
    manifest.json   which release made it, how old its facts are, what was taken out

The same check gives the same bytes.
"""

from __future__ import annotations

import json
import platform
import zipfile
from dataclasses import dataclass
from importlib.metadata import version
from io import BytesIO
from typing import Any

from bot.agents.removals import KEPT, removals
from bot.store.coding import SCHEMA as EVIDENCE_SCHEMA
from bot.store.coding import encode
from checks.evidence import Evidence
from checks.facts.catalog import catalog
from checks.model import Symptom
from checks.report import Report, as_json, timestamp

SCHEMA = 1
"""Of the file as a whole; what evidence.json holds has the number of stored records."""
REPORT, EVIDENCE, MANIFEST = "report.json", "evidence.json", "manifest.json"


@dataclass(frozen=True, slots=True)
class Asked:
    """What the report depends on beside the evidence."""

    symptom: Symptom = Symptom.BOTH
    note: str | None = None
    """A sentence that the summary ends with: where the function was found instead."""


def file_name(evidence: Evidence) -> str:
    """slsdiag-checkout-20261123T120000Z.zip"""
    return f"slsdiag-{evidence.function.name}-{evidence.now:%Y%m%dT%H%M%SZ}.zip"


def release() -> str:
    """Of slsdiag, as installed."""
    return version("slsdiag")


def report_json(report: Report) -> str:
    """The document as `slsdiag check --json` prints it."""
    return json.dumps(as_json(report), ensure_ascii=False) + "\n"


def pack(evidence: Evidence, asked: Asked, report: Report) -> bytes:
    """The bundle's content, a zip."""
    members = {
        REPORT: report_json(report),
        EVIDENCE: encode(evidence),
        MANIFEST: json.dumps(_manifest(evidence, asked, report), ensure_ascii=False, indent=2)
        + "\n",
    }
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, text in members.items():
            entry = zipfile.ZipInfo(name, evidence.now.timetuple()[:6])
            content = text.encode()
            archive.writestr(entry, content, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def _manifest(evidence: Evidence, asked: Asked, report: Report) -> dict[str, Any]:
    """
    With who made the change that the cause is about.

    CloudTrail was asked about that after the runbook, so it is no evidence.
    """
    changed = json.loads(encode(report.changed)) if report.changed else None
    return manifest(evidence, asked) | {"changed": changed}


def manifest(evidence: Evidence, asked: Asked) -> dict[str, Any]:
    """The document of manifest.json, schema 1, as far as it is about what was read."""
    return {
        "schema": SCHEMA,
        "function": evidence.function.ref.spelled,
        "checked_at": timestamp(evidence.now),
        "asked": {"symptom": asked.symptom.value, "note": asked.note},
        "versions": {
            "slsdiag": release(),
            "evidence": EVIDENCE_SCHEMA,
            "python": platform.python_version(),
        },
        "facts": {fact.name: fact.read_on.isoformat() for fact in catalog()},
        "removed": removals(evidence),
        "kept": list(KEPT),
    }
