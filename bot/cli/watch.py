"""`slsdiag watch`: what an account needs so that the bot hears of its deployments."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

import typer


class Format(StrEnum):
    """How it is written."""

    CLOUDFORMATION = "cloudformation"
    TERRAFORM = "terraform"


Wanted = Annotated[
    Literal["template"], typer.Argument(help="template: the queue of an account and region.")
]
FormatWanted = Annotated[Format, typer.Option("--format", help="How to print it.")]


def watch(what: Wanted, format_: FormatWanted = Format.CLOUDFORMATION) -> None:  # noqa: ARG001 - there is one
    """
    Print what makes the queue by which slsdiag hears of deployments. It calls nothing.

    Example: slsdiag watch template > slsdiag-watch.yaml
    """
    from bot.setup import queue_configuration, queue_template  # noqa: PLC0415 - brings PyYAML

    terraform = format_ is Format.TERRAFORM
    text = queue_configuration.configuration() if terraform else queue_template.template()
    typer.echo(text, nl=False)
