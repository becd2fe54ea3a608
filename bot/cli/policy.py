"""`slsdiag policy`: the least IAM policy that lets every check look."""

from __future__ import annotations

import json

import typer

from bot.aws.operations import policy as least_policy


def policy() -> None:
    """
    Print the IAM policy that slsdiag needs, as JSON. It only reads.

    Example: slsdiag policy > slsdiag-policy.json
    """
    typer.echo(json.dumps(least_policy(), indent=2))
