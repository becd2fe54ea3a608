"""`slsdiag demo`: ask about a function of a fake AWS account on this machine."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from bot.errors import UsageError
from bot.playground.account import FakeAws
from bot.playground.account.patients import REGION
from bot.playground.account.patients import demo as demo_account

COMMAND = "/slsdiag"


def demo(
    once: Annotated[str, typer.Option(help="What a person types, as '/slsdiag orders'.")] = "",
) -> None:
    """
    Diagnose a function of a fake account; needs no credentials and no network.

    Example: slsdiag demo --once '/slsdiag orders'
    """
    command, _, name = once.partition(" ")
    if command != COMMAND:
        raise UsageError("Say what to ask, as in slsdiag demo --once '/slsdiag orders'.")
    with FakeAws() as aws:
        told = demo_account(aws.account())
        os.environ.update(
            AWS_ENDPOINT_URL=aws.url,
            AWS_REGION=REGION,
            AWS_DEFAULT_REGION=REGION,
            AWS_ACCESS_KEY_ID="demo",
            AWS_SECRET_ACCESS_KEY="demo",  # noqa: S106 - the fake takes any
        )
        from bot.looking import look  # noqa: PLC0415 - brings boto3
        from bot.render.terminal import show  # noqa: PLC0415 - brings rich
        from checks.model import Symptom  # noqa: PLC0415 - with them

        typer.echo(f"you: {once}")
        show(look(name, region=None, account=None, org=None, answers={}).report(Symptom.BOTH))
    typer.echo(f"\nThis is a fake account. Ask about any of: {', '.join(told)}.")
