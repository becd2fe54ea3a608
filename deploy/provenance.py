"""
How an image was made, as an in-toto statement with SLSA's predicate; not signed.

    python deploy/provenance.py --image … --version … --commit … --source … --builder … --began … --output …

Reads the pushed digest from OUTPUT/digest, and writes provenance.json and, for cosign, predicate.json
there. The statement is what the machine says about itself: nothing proves it (SLSA Build L1). The
formats: in-toto.io/Statement/v1 and slsa.dev/provenance/v1 (slsa.dev/spec/v1.0/provenance).
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

LOCKS = ("requirements.lock", "deploy/build.lock")
BYPRODUCTS = ("sbom.json",)


def statement(
    given: argparse.Namespace, digest: str, builder: str, finished: str
) -> dict[str, Any]:
    """About the image with that digest."""
    return {
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [{"name": given.image, "digest": {"sha256": digest.removeprefix("sha256:")}}],
        "predicateType": "https://slsa.dev/provenance/v1",
        "predicate": {
            "buildDefinition": {
                "buildType": f"{given.source}/blob/v{given.version}/docs/release.md",
                "externalParameters": {
                    "image": f"{given.image}:{given.version}",
                    "source": f"git+{given.source}@refs/tags/v{given.version}",
                    "base": given.base,
                },
                "internalParameters": {"builder": builder},
                "resolvedDependencies": _dependencies(given),
            },
            "runDetails": {
                "builder": {"id": f"{given.source}/blob/v{given.version}/deploy/publish.py"},
                "metadata": {"startedOn": given.began, "finishedOn": finished},
                "byproducts": [_file(Path(given.output), name) for name in BYPRODUCTS],
            },
        },
    }


def _dependencies(given: argparse.Namespace) -> list[dict[str, Any]]:
    """The commit, the locks (which name every package by its hashes), and the base, where it is pinned."""
    commit = {
        "uri": f"git+{given.source}@refs/tags/v{given.version}",
        "digest": {"gitCommit": given.commit},
    }
    name, _, pinned = (given.base or "").partition("@sha256:")
    base = [{"uri": f"docker://{name}", "digest": {"sha256": pinned}}] if pinned else []
    source = Path(given.output) / "source"
    return [commit, *(_file(source, lock) for lock in LOCKS), *base]


def _file(folder: Path, name: str) -> dict[str, Any]:
    return {"name": name, "digest": {"sha256": sha256((folder / name).read_bytes()).hexdigest()}}


def main() -> int:
    """Write both files."""
    parser = argparse.ArgumentParser(prog="deploy/provenance.py")
    for name in ("image", "version", "commit", "source", "builder", "began", "output"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--base")
    given = parser.parse_args()
    output = Path(given.output)
    asked = (given.builder, "--version")
    builder = subprocess.run(asked, check=True, capture_output=True, text=True).stdout.strip()
    finished = datetime.now(UTC).isoformat(timespec="seconds")
    made = statement(given, (output / "digest").read_text().strip(), builder, finished)
    for name, document in (("provenance.json", made), ("predicate.json", made["predicate"])):
        (output / name).write_text(json.dumps(document, indent=2) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
