"""`slsdiag policy`: the least IAM policy that lets every check read what it needs."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from bot.aws import remedy_permissions
from bot.aws.permissions import policy as least_policy


def policy(
    fix: Annotated[
        bool,
        typer.Option("--fix", help="For people who apply the remedies; slsdiag never does."),
    ] = False,
) -> None:
    """
    Print the IAM policy that slsdiag needs, as JSON. It only reads.

    Example: slsdiag policy > slsdiag-policy.json
    """
    typer.echo(json.dumps(remedy_permissions.policy() if fix else least_policy(), indent=2))
