"""`slsdiag lint`: the same steps over what a project's files plan, before the deploy."""

from __future__ import annotations

import json
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from bot.errors import UsageError

if TYPE_CHECKING:
    from bot.lint.model import LintResult


class Format(StrEnum):
    """The value of `--format`; the last two are of findings in files only."""

    TEXT = "text"
    JSON = "json"
    JUNIT = "junit"
    GITHUB = "github"
    GITLAB = "gitlab"
    SARIF = "sarif"


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
Wanted = Annotated[Format | None, typer.Option("--format", help="All but text are for programs.")]
Json = Annotated[bool, typer.Option("--json", help="The same as --format json.")]


def lint(
    path: Paths = None,
    stage: Stage = None,
    changed_since: Since = None,
    baseline: Known = None,
    form: Wanted = None,
    json_wanted: Json = False,
) -> None:
    """
    Check a project's files before the deploy: will Dashboard be able to instrument its functions?

    Reads serverless.yml, SAM and CloudFormation templates, cdk.out, and the JSON of terraform show
    -json. It runs no code of the project and calls nothing.

    Example: slsdiag lint services/orders --stage prod
    """
    chosen = _one_format(form, json_wanted=json_wanted)
    raise typer.Exit(_run(path or [], stage, changed_since, baseline, chosen))


def _run(
    paths: list[str],
    stage: str | None,
    changed_since: str | None,
    baseline: str | None,
    form: Format,
) -> int:
    from bot.lint.document import exit_status  # noqa: PLC0415 - --help needs none of it
    from bot.lint.run import Options  # noqa: PLC0415
    from bot.lint.run import lint as run  # noqa: PLC0415
    from bot.settings import read_aws_settings  # noqa: PLC0415

    expected = read_aws_settings().expected(None)
    result = run(paths, Options(stage, changed_since, baseline, expected))
    _write(result, form)
    return exit_status(result)


def _one_format(given: Format | None, *, json_wanted: bool) -> Format:
    if json_wanted and given not in {None, Format.JSON}:
        raise UsageError(f"--json and --format {given} were both given: leave one out.")
    return Format.JSON if json_wanted else given or Format.TEXT


def _write(result: LintResult, form: Format) -> None:
    if form is Format.TEXT:
        from bot.lint.terminal import show  # noqa: PLC0415 - brings rich

        show(result)
    elif form is Format.JSON:
        from bot.lint.document import as_json  # noqa: PLC0415 - --help does not need it

        typer.echo(json.dumps(as_json(result), ensure_ascii=False))
    else:
        from bot.formats.lint import document  # noqa: PLC0415 - likewise

        typer.echo(document(result.shown, form).rstrip("\n"))
