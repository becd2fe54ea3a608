"""`slsdiag lint`: the same steps over what a project's files plan, before the deploy."""

from __future__ import annotations

import json
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from bot.lint.model import LintResult


class Format(StrEnum):
    """How the findings are written."""

    TEXT = "text"
    JSON = "json"


Paths = Annotated[
    list[str] | None,
    typer.Argument(metavar="[PATH …]", help="Files or folders; by default the working directory."),
]
Stage = Annotated[
    str | None, typer.Option(help="The stage of Serverless Framework; by default its own.")
]
Since = Annotated[
    str | None,
    typer.Option(
        "--changed-since", metavar="REV", help="Only templates that differ from a revision of Git."
    ),
]
Known = Annotated[
    str | None,
    typer.Option(
        "--baseline", metavar="FILE", help="Leave out what an earlier --format json lists."
    ),
]
As = Annotated[Format, typer.Option("--format", help="How the findings are written.")]
Json = Annotated[bool, typer.Option("--json", help="The same as --format json.")]


def lint(
    path: Paths = None,
    stage: Stage = None,
    changed_since: Since = None,
    baseline: Known = None,
    format_: As = Format.TEXT,
    json_wanted: Json = False,
) -> None:
    """
    Check a project's files before the deploy: will Dashboard be able to instrument its functions?

    Reads serverless.yml, SAM and CloudFormation templates, cdk.out, and the JSON of terraform show
    -json. It runs no code of the project and calls nothing.

    Example: slsdiag lint services/orders --stage prod
    """
    from bot.lint.document import exit_status  # noqa: PLC0415 - --help needs none of it
    from bot.lint.run import Options  # noqa: PLC0415
    from bot.lint.run import lint as run  # noqa: PLC0415
    from bot.settings import read_aws_settings  # noqa: PLC0415

    expected = read_aws_settings().expected(None)
    result = run(path or [], Options(stage, changed_since, baseline, expected))
    _write(result, Format.JSON if json_wanted else format_)
    raise typer.Exit(exit_status(result))


def _write(result: LintResult, format_: Format) -> None:
    if format_ is Format.JSON:
        from bot.lint.document import as_json  # noqa: PLC0415

        typer.echo(json.dumps(as_json(result), ensure_ascii=False))
    else:
        from bot.lint.terminal import show  # noqa: PLC0415

        show(result)
