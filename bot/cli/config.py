"""`--config FILE` of the verbs that read the settings: what the environment does not set comes from there."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from typer.core import TyperOption

_HELP = "A settings file in TOML; what the environment sets comes first."
Config = Annotated[str | None, typer.Option(metavar="FILE", help=_HELP)]
_SAME = {"AWS_REGION": "AWS_DEFAULT_REGION", "AWS_PROFILE": "AWS_DEFAULT_PROFILE"}


def option(*, bot: bool) -> TyperOption:
    """The option of a verb; `bot` as for `use_config`."""
    return TyperOption(
        param_decls=["--config"],
        metavar="FILE",
        help=_HELP,
        expose_value=False,
        callback=lambda _context, _parameter, file: use_config(file, bot=bot),
    )


def use_config(file: str | None, *, bot: bool) -> None:
    """
    From now on in this process, which is the verb's own.

    Without `bot` only what reading AWS needs is taken: nobody fetches Slack's tokens for a check.
    """
    if file is None:
        return
    from bot.settings_file import OF_A_BOT, looked_up, read, variable  # noqa: PLC0415 - most runs have no file

    path = Path(file)
    document = read(path)
    left_out = frozenset() if bot else OF_A_BOT
    resolve = partial(
        looked_up, folder=path.absolute().parent, environment=os.environ, secret=_secret
    )
    for name in sorted(document):  # AWS's own come first so: a reference may need them
        if name not in left_out and not {name, _SAME.get(name, name)} & os.environ.keys():
            os.environ[name] = variable(name, document[name], resolve)


def _secret(place: str, arn: str) -> str:
    from bot.aws.secrets import secret_text  # noqa: PLC0415 - brings boto3

    return secret_text(arn, place)
