"""
The command line: one module a verb, each thin.

A verb's module is imported only when that verb is called, so that `slsdiag runbook` does not
wait for boto3. What a person reads when something goes wrong is made here, in one place.
"""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable, Sequence
from importlib import import_module
from inspect import getdoc
from pathlib import Path
from typing import Annotated

import typer
from typer.core import TyperGroup
from typer.main import get_command

from bot.cli import output
from bot.cli.config import option
from bot.cli.formats import Format, error_document, named_format
from bot.errors import INTERRUPTED, Failed, SignedOut, SlsdiagError, UsageError
from bot.text.redaction import redacted

VERBS = {
    "check": "bot.cli.check",
    "logs": "bot.cli.logs",
    "scan": "bot.cli.scan",
    "runbook": "bot.cli.runbook",
    "demo": "bot.cli.demo",
    "serve": "bot.cli.serve",
    "worker": "bot.cli.serve",
    "manifest": "bot.cli.manifest",
    "policy": "bot.cli.policy",
    "doctor": "bot.cli.doctor",
    "setup": "bot.cli.setup",
    "lint": "bot.cli.lint",
    "bundle": "bot.cli.bundle",
    "replay": "bot.cli.bundle",
    "mcp": "bot.cli.mcp",
    "watch": "bot.cli.watch",
}
CONFIGURED = frozenset({"check", "scan", "bundle", "mcp", "serve", "worker", "doctor", "watch"})
"""Verbs that read the settings, and take --config."""
WITHOUT_SLACK = frozenset({"check", "scan", "bundle", "mcp"})
"""Those of them that need neither Slack nor a store."""
HELP = (
    "Why do a Lambda function's Metrics or Traces not show up in Serverless Framework Dashboard? "
    "Try: slsdiag check my-function"
)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one verb; the exit status, as docs/scripts.md names it."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    output.prepare()
    try:
        status = _judged(arguments)
        output.finish()
    except SlsdiagError as error:
        return _complain(error)
    except KeyboardInterrupt:
        return INTERRUPTED
    return status


def _judged(arguments: list[str]) -> int:
    try:
        return _run(arguments)
    except SignedOut:
        failure = _sign_in()
    except SlsdiagError as error:
        failure = error
    except Exception as error:  # noqa: BLE001 - a person reads a sentence, not a traceback
        failure = _defect(error)
    return _complain(failure, arguments)


def _sign_in() -> SlsdiagError:
    from bot.aws.sign_in import next_step  # noqa: PLC0415 - brings botocore

    return SignedOut(next_step())


def _defect(error: Exception) -> Failed:
    """Where it was; not what the error says, which may hold what was read."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    where = f"{type(error).__name__} in {Path(frame.filename).name}, line {frame.lineno}"
    return Failed(f"slsdiag met what it did not foresee ({where}): please report this line.")


def app_of(verbs: Sequence[str]) -> typer.Typer:
    """The application with these verbs."""
    asking = {"help_option_names": ["-h", "--help"]}
    app = typer.Typer(
        help=HELP, no_args_is_help=False, rich_markup_mode=None, context_settings=asking
    )
    app.callback(invoke_without_command=True)(_welcome)
    for verb in verbs:
        function = getattr(import_module(VERBS[verb]), verb)
        app.command(verb, short_help=_first_sentence(function))(function)
    return app


def _first_sentence(function: Callable[..., None]) -> str:
    """Whole: else it is cut where a line of the list of commands ends."""
    paragraph = (getdoc(function) or "").partition("\n\n")[0]
    return " ".join(paragraph.split()).partition(". ")[0].removesuffix(".") + "."


def _welcome(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Say which release this is.")] = False,
) -> None:
    if version:
        from importlib.metadata import version as release  # noqa: PLC0415 - takes 20 ms

        typer.echo(f"slsdiag {release('slsdiag')}")
    elif context.invoked_subcommand is None:
        typer.echo(context.get_help())


def _run(arguments: list[str]) -> int:
    verb = _verb(arguments)
    _refuse_slips(arguments, verb)
    named = [verb] if verb in VERBS else []
    command = _command(named or list(VERBS))
    try:
        status = command.main(arguments, prog_name="slsdiag", standalone_mode=False)
    except typer.Abort:
        return INTERRUPTED
    except typer.TyperException as error:
        message = redacted(_one_line(error.format_message()))
        raise UsageError(
            f"{message.rstrip('.')}. See: {' '.join(['slsdiag', *named[:1], '--help'])}"
        ) from error
    return status if isinstance(status, int) else 0


def _command(verbs: Sequence[str]) -> TyperGroup:
    """With --config added to the verbs that read the settings, which need not know of it."""
    command = get_command(app_of(verbs))
    assert isinstance(command, TyperGroup)  # noqa: S101 - narrows: it has a callback
    for verb in CONFIGURED.intersection(verbs):
        command.commands[verb].params.append(option(bot=verb not in WITHOUT_SLACK))
    return command


def _refuse_slips(arguments: list[str], verb: str | None) -> None:
    """Refuse what was mistyped; a setting that nobody reads is only warned of."""
    if verb is None or (
        verb in VERBS and all(map(str.isascii, arguments)) and verb not in CONFIGURED
    ):
        return
    from bot.cli.slips import dashes, unknown_settings, unknown_verb  # noqa: PLC0415 - most verbs need none

    if error := unknown_verb(arguments, tuple(VERBS)) or dashes(arguments):
        raise error
    for sentence in unknown_settings(os.environ) if verb in CONFIGURED else ():
        typer.echo(f"slsdiag: {sentence}", err=True)


def _complain(error: SlsdiagError, arguments: Sequence[str] = ()) -> int:
    """In the format that the arguments name; on standard error where it is text."""
    verb = _verb(arguments) or ""
    form = named_format(arguments, verb)
    if form == Format.TEXT:
        typer.echo(f"slsdiag: {_one_line(str(error))}", err=True)
    else:
        typer.echo(error_document(error, form, verb))
    return error.status


def _verb(arguments: Sequence[str]) -> str | None:
    return next((word for word in arguments if not word.startswith("-")), None)


def _one_line(text: str) -> str:
    return " ".join(text.split())
