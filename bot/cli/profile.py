"""`--profile` of the verbs that read AWS: like the AWS CLI's, it comes before all variables."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from bot.errors import UsageError
from bot.text.redaction import id_is_secret

Profile = Annotated[
    str | None, typer.Option(help="An AWS profile, instead of the one that AWS_PROFILE names.")
]
_KEYS = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")


def use(profile: str | None) -> None:
    """From now on in this process, which is the verb's own."""
    if not profile:
        return
    if id_is_secret(profile):
        raise UsageError("--profile looks like a secret and was not used.")
    for name in _KEYS:
        os.environ.pop(name, None)
    os.environ["AWS_PROFILE"] = profile
