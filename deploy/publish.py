"""
Publish a release of the image to a registry of your own: build, SBOM, licenses, provenance, push, tag.

    python deploy/publish.py registry.example.com/team/slsdiag --source https://github.com/team/slsdiag
    python deploy/publish.py … --plan     print what it would do as JSON, and do nothing

What is built is the commit, not the folder. docs/release.md says what is needed and what is made.
"""

from __future__ import annotations

import argparse
import json
import shlex
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from shutil import which

from release_steps import BUILDERS, Release, Step, steps
from set_version import ROOT, stated


def refusals(root: Path, release: Release, found: Mapping[str, str | None]) -> list[str]:
    """Why it must not be released, a sentence each. `found` is where each place states the version."""
    said = [
        f"{place} says {version or 'no version'}, pyproject.toml says {release.version}."
        for place, version in found.items()
        if version != release.version
    ]
    if said:
        said.append(f"Set them all: python deploy/set_version.py {release.version}")
    if _git(root, "status", "--porcelain"):
        said.append("There are changes that are not committed.")
    if _git(root, "tag", "--list", release.tag):
        said.append(f"The tag {release.tag} exists: a release is never made twice.")
    if release.builder not in BUILDERS:
        said.append(f"None of {', '.join(BUILDERS)} is installed.")
    return said


def _git(root: Path, *words: str) -> str:
    asked = ("git", "-C", str(root), *words)
    return subprocess.run(asked, check=True, capture_output=True, text=True).stdout.strip()


def release_of(root: Path, options: argparse.Namespace) -> Release:
    """What the checkout and the options say."""
    version = stated(root)["pyproject.toml"] or ""
    builder = options.builder or next(filter(which, BUILDERS), "")
    return Release(
        options.image,
        options.source,
        version,
        _git(root, "rev-parse", "HEAD"),
        int(_git(root, "log", "-1", "--format=%ct")),
        builder,
        options.output or f"build/release-{version}",
        options.base,
        tuple(options.build_option),
        tuple(options.push_option),
        which("cosign") is not None,
    )


def _options(words: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="deploy/publish.py", description=(__doc__ or "").strip().split("\n")[0]
    )
    parser.add_argument("image", help="registry and name, without a tag")
    parser.add_argument(
        "--source", required=True, help="address of the repository, for people and scanners"
    )
    parser.add_argument(
        "--base", help="the base by its digest: python:3.11.14-slim-bookworm@sha256:…"
    )
    parser.add_argument(
        "--builder", choices=BUILDERS, help="instead of the first that is installed"
    )
    parser.add_argument(
        "--output", help="folder for what is made; build/release-VERSION if not given"
    )
    parser.add_argument("--build-option", action="append", default=[], help="passed to the builder")
    parser.add_argument("--push-option", action="append", default=[], help="passed to its push")
    parser.add_argument("--plan", action="store_true", help="print what would be done as JSON")
    return parser.parse_args(words)


def main(words: Sequence[str], root: Path = ROOT) -> int:
    """Plan, or publish; 1 where it must not be, or a step failed."""
    options = _options(words)
    release = release_of(root, options)
    said = refusals(root, release, stated(root))
    planned = steps(release, datetime.now(UTC).isoformat(timespec="seconds"))
    if options.plan:
        plan = {**asdict(release), "refusals": said, "steps": [asdict(step) for step in planned]}
        print(json.dumps(plan, indent=2))
        return int(bool(said))
    if said:
        print("\n".join(said), file=sys.stderr)
        return 1
    return _run(root, release, planned)


def _run(root: Path, release: Release, planned: Sequence[Step]) -> int:
    for step in planned:
        print(f"{step.name}: {shlex.join(step.command)}", flush=True)
        if subprocess.run(step.command, cwd=root, check=False).returncode:
            print(f"{release.tagged} is not released: {step.name} failed.", file=sys.stderr)
            return 1
    unsigned = "" if release.signed else " Nothing is signed: cosign is not installed."
    print(f"Released {release.tagged}.{unsigned}\nPublish the tag: git push origin {release.tag}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
