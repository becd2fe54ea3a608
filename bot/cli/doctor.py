"""`slsdiag doctor`: is the bot itself healthy?"""

from __future__ import annotations

import json
from typing import Annotated

import typer


def doctor(
    json_wanted: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False,
) -> None:
    """
    Check the bot's own settings: Slack's token, scopes and socket, the store, the clock, and
    what each AWS account allows. Takes the settings of `slsdiag serve`; what is not set is skipped.

    Status: 0 healthy, 1 a problem, 3 something unknown, 4 nothing could be checked.

    Example: slsdiag doctor
    """
    from bot.doctor.examination import Examination  # noqa: PLC0415 - brings boto3 and Slack
    from bot.doctor.model import as_json, exit_status, lines  # noqa: PLC0415
    from bot.doctor.settings import doctor_settings  # noqa: PLC0415

    checks = Examination(doctor_settings()).checks()
    if json_wanted:
        typer.echo(json.dumps(as_json(checks), ensure_ascii=False))
    else:
        typer.echo("\n".join(lines(checks)))
    raise typer.Exit(exit_status(checks))
