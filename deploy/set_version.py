"""
The version of a release, in every place that states it.

    python deploy/set_version.py 0.2.0

Writes pyproject.toml and the chart, and makes what is unreleased in CHANGELOG.md the section of this
version, with today's date. Commit that, then publish (deploy/publish.py).
"""

from __future__ import annotations

import re
import sys
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).parent.parent
VERSION = re.compile(r"\d+\.\d+\.\d+((a|b|rc)\d+)?")
"""Of Python (PEP 440) that is a tag of an image, too."""
UNRELEASED = "## Unreleased\n"
_STATED = {
    "pyproject.toml": ("pyproject.toml", re.compile(r'(?m)^(version = ")([^"]+)(")$')),
    "helm/Chart.yaml version": ("helm/Chart.yaml", re.compile(r"(?m)^(version: )(\S+)($)")),
    "helm/Chart.yaml appVersion": ("helm/Chart.yaml", re.compile(r"(?m)^(appVersion: )(\S+)($)")),
}
_SECTION = re.compile(r"(?m)^## (\d\S*) - \d{4}-\d{2}-\d{2}$")


def stated(root: Path) -> dict[str, str | None]:
    """Place → the version that it states; of the changelog, the newest section's."""
    found = {
        place: match[2] if (match := pattern.search((root / file).read_text())) else None
        for place, (file, pattern) in _STATED.items()
    }
    newest = _SECTION.search((root / "CHANGELOG.md").read_text())
    return {**found, "CHANGELOG.md": newest[1] if newest else None}


def write(root: Path, version: str, day: str) -> None:
    """Everywhere; a version that the changelog has already keeps its section."""
    for file, pattern in _STATED.values():
        text = (root / file).read_text()
        (root / file).write_text(pattern.sub(rf"\g<1>{version}\g<3>", text))
    changelog = root / "CHANGELOG.md"
    text = changelog.read_text()
    if version not in _SECTION.findall(text):
        changelog.write_text(text.replace(UNRELEASED, f"{UNRELEASED}\n## {version} - {day}\n", 1))


def main() -> int:
    """Write; 2 for what is no version."""
    version = sys.argv[1] if len(sys.argv) == 2 else ""  # noqa: PLR2004 - the program and its word
    if not VERSION.fullmatch(version):
        print("Give a version, as in: python deploy/set_version.py 0.2.0", file=sys.stderr)
        return 2
    write(ROOT, version, datetime.now(UTC).date().isoformat())
    return 0


if __name__ == "__main__":
    sys.exit(main())
