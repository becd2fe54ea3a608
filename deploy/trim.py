"""
Take out of an environment what the bot never opens: run with that environment's own Python.

    python deploy/trim.py [SITE_PACKAGES]

botocore carries the models of every AWS service; the bot calls those of `bot.aws.operations`, and
its credentials may come by way of a few more. Nothing is taken that can be imported, except tests.
"""

from __future__ import annotations

import shutil
import sys
import sysconfig
from pathlib import Path

from bot.aws.operations import OPERATIONS, SECRET_VALUE
from bot.aws.organization_operations import ORGANIZATION_OPERATIONS
from bot.aws.queue_operations import WATCH_OPERATIONS

CREDENTIALS = frozenset({"sts", "sso", "sso-oidc", "signin"})
"""Services by which botocore's own providers fetch credentials."""
SOURCES = (".c", ".h", ".hash", ".pxd", ".pyi", ".pyx")


def main() -> None:
    """Trim, and say by how much."""
    site = Path(sys.argv[1] if sys.argv[1:] else sysconfig.get_path("purelib"))
    before = size(site)
    trim(site)
    print(f"trimmed: {before / 1e6:.0f} MB -> {size(site) / 1e6:.0f} MB")


def trim(site: Path) -> None:
    """In place."""
    called = (
        *OPERATIONS,
        *ORGANIZATION_OPERATIONS,
        *WATCH_OPERATIONS,
        SECRET_VALUE,
    )
    wanted = {each.service for each in called} | CREDENTIALS
    for model in (site / "botocore" / "data").iterdir():
        if model.is_dir() and model.name not in wanted:
            shutil.rmtree(model)
    for examples in (site / "botocore" / "data").rglob("examples-1.*"):
        examples.unlink()
    # the resource layer over ec2, s3, …; the bot makes clients
    shutil.rmtree(site / "boto3" / "data")
    shutil.rmtree(site / "boto3" / "examples")
    for package in site.iterdir():
        shutil.rmtree(package / "tests", ignore_errors=True)
    for source in site.rglob("*"):
        if source.suffix in SOURCES:
            source.unlink()


def size(folder: Path) -> int:
    """Bytes of its files."""
    return sum(each.stat().st_size for each in folder.rglob("*") if each.is_file())


if __name__ == "__main__":
    main()
