"""`slsdiag setup`: a guide from nothing to a healthy bot."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import platformdirs
import typer

from bot.account_settings import ROLE_ARN
from bot.cli.config import use_config
from bot.cli.manifest import Url
from bot.cli.questions import ask, heading, matching, say, typed
from bot.cli.setup_questions import Secrets, aws, channels, slack_app, store
from bot.errors import SlsdiagError, UsageError
from bot.regions import partition_of
from bot.serving_settings import Mode
from bot.setup.files import write
from bot.setup.installation import settings_text
from bot.setup.parts import Part, bots_role, printed, readers_role
from bot.setup.roles import BOT_NAME
from bot.slack.manifest import PLACEHOLDER, request_url

if TYPE_CHECKING:
    from bot.setup.installation import Installation

FILE = "slsdiag.toml"
Print = Annotated[
    Part | None, typer.Option("--print", help="Print one part of the guide, and ask nothing.")
]

Written = Annotated[
    str | None,
    typer.Option(
        "--config", metavar="FILE", help="Where to write the settings; else in your home folder."
    ),
]


def setup(part: Print = None, url: Url = None, config: Written = None) -> None:
    """
    Guide from nothing to a healthy bot: the Slack app, AWS accounts, store, channels and roles.

    Writes one settings file with secrets only by reference, and checks it as slsdiag doctor does.

    Example: slsdiag setup
    """
    address = request_url(url) if url else PLACEHOLDER
    if part:
        typer.echo(printed(part, Mode.HTTP if url else Mode.SOCKET, address))
        return
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        first, *others = Part
        raise UsageError(
            "slsdiag setup asks questions, so it needs a terminal. Without one, print each part: "
            f"slsdiag setup --print {first} (or {', '.join(others)})"
        )
    path = Path(config).absolute() if config else platformdirs.user_config_path("slsdiag") / FILE
    with _until_interrupted():
        answers, number = _asked(path, url)
    _deployed(answers, number, path)
    raise typer.Exit(_examined(path))


@contextmanager
def _until_interrupted() -> Iterator[None]:
    """Ctrl-C must give the terminal its echo back: the program's own handler leaves at once."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    except (KeyboardInterrupt, typer.Abort):
        typer.echo("\nStopped: nothing was written.", err=True)
        raise
    finally:
        signal.signal(signal.SIGINT, before)


def _asked(path: Path, url: str | None) -> tuple[Installation, str]:
    """All questions, and at their end the files."""
    say(
        f"From nothing to a bot that answers in Slack, in five parts. At the end of the fourth, {typed(path)} is "
        "written; until then Ctrl-C leaves nothing behind."
    )
    _may_replace([path])
    kept = Secrets()
    mode = slack_app(url, kept)
    answers, number = aws(mode, kept)
    store(kept)
    answers = replace(answers, channels=channels(answers.accounts))
    files = {path.parent / name: text for name, text in kept.texts.items()}
    _may_replace(list(files))
    _write({**files, path: settings_text(answers, partition_of(answers.region) or "aws")})
    return answers, number


def _may_replace(paths: list[Path]) -> None:
    there = [typed(path) for path in paths if path.exists()]
    if there and not typer.confirm(f"Replace {' and '.join(there)}?", default=False):
        raise typer.Abort


def _write(files: Mapping[Path, str]) -> None:
    """Not to be interrupted between two of them."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        write(files)
    finally:
        signal.signal(signal.SIGINT, before)
    *texts, settings = files
    besides = (
        f", and the secrets in {', '.join(path.name for path in texts)} beside it" if texts else ""
    )
    say(f"\nThe settings are in {typed(settings)}{besides}. Only you can read them.")


def _deployed(answers: Installation, number: str, path: Path) -> None:
    """Show how to create the roles, and wait until somebody has."""
    heading("5 of 5 · The roles at AWS")
    say(bots_role(f"--config {typed(path)}"))
    if answers.accounts:
        arn = f"arn:{partition_of(answers.region) or 'aws'}:iam::{number}:role/{BOT_NAME}"
        of_role = matching(ROLE_ARN.pattern, f"the ARN of a role, as {arn}")
        bot = ask("Role that the bot runs as", of_role, arn)
        for account in answers.accounts:
            say(readers_role(account.number, bot, account.external_id))
    ask("Press Enter when the roles are there", matching(".*", ""), "")


def _examined(path: Path) -> int:
    """The status of doctor, which is repeated for as long as somebody fixes things."""
    before = dict(os.environ)
    while status := _doctor(path):
        if not typer.confirm("Not everything is healthy yet. Check again?", default=True):
            say(f"\nLater, check again with:\n\n  slsdiag doctor --config {typed(path)}")
            return status
        os.environ.clear()
        os.environ.update(before)
    say(
        f"\nEverything that is set is healthy. Start the bot:\n\n  slsdiag serve --config {typed(path)}\n\n"
        "Then type /invite @slsdiag and /slsdiag help in a channel."
    )
    return status


def _doctor(path: Path) -> int:
    """With the settings of the file as they are now."""
    from bot.doctor.examination import Examination  # noqa: PLC0415 - brings boto3 and Slack
    from bot.doctor.model import exit_status, lines  # noqa: PLC0415
    from bot.doctor.settings import doctor_settings  # noqa: PLC0415

    try:
        use_config(str(path), bot=True)
        checks = Examination(doctor_settings()).checks()
    except SlsdiagError as error:
        typer.echo(f"problem  {error}")
        return error.status
    typer.echo("\n".join(lines(checks)))
    return exit_status(checks)
