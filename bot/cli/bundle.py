"""`slsdiag bundle` and `slsdiag replay`: one check as a file, and the report from it again."""

from __future__ import annotations

import os
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.checking import NAMED_WITHIN, opened, warn_of_the_clock, watched
from bot.cli.function_options import (
    Account,
    Answers,
    Json,
    Missing,
    Named,
    Org,
    Region,
    RegionOption,
    Verbose,
    answers_of,
    named,
    one,
)
from bot.cli.profile import Profile
from bot.errors import Unreadable, Unwritable
from bot.text.redaction import redacted
from bot.text.visible import visible
from checks.evidence import Evidence
from checks.model import Symptom
from checks.report import Report, exit_status

if TYPE_CHECKING:
    from bot.agents.bundle import Asked
    from bot.agents.bundle_file import Bundle
    from bot.diagnosis.gather import FunctionCheck

Output = Annotated[
    Path | None,
    typer.Option("-o", "--output", help="The file to write; else slsdiag-NAME-TIME.zip, here."),
]


def bundle(
    target: Named,
    region: Region = None,
    region_option: RegionOption = None,
    account: Account = None,
    profile: Profile = None,
    symptom: Missing = Symptom.BOTH,
    org: Org = None,
    answer: Answers = None,
    output: Output = None,
) -> None:
    """
    Check one function and write all that the report was made from to one file.

    Example: slsdiag bundle checkout eu-west-1 -o checkout.zip
    """
    function = named(target, one(region, region_option), account)
    checkable = opened(function, org, answers_of(map(_text, answer or ())), profile)
    evidence, asked, report = _checked(checkable, symptom)
    file = _written(output, evidence, asked, report)
    typer.echo(_summary(file, evidence, asked))
    raise typer.Exit(exit_status(report))


def _text(typed: str) -> str:
    """What can be written as UTF-8: a shell may pass on any bytes."""
    return typed.encode(errors="replace").decode()


def _checked(checkable: FunctionCheck, symptom: Symptom) -> tuple[Evidence, Asked, Report]:
    from bot.agents.bundle import Asked  # noqa: PLC0415 - brings pydantic

    evidence = watched(checkable.evidence)
    warn_of_the_clock(checkable)
    asked = Asked(symptom, checkable.found_elsewhere(evidence.function))
    report = checkable.judged(evidence, symptom)
    return evidence, asked, checkable.named(report, seconds=NAMED_WITHIN, users=False)


def _written(output: Path | None, evidence: Evidence, asked: Asked, report: Report) -> Path:
    from bot.agents.bundle import file_name  # noqa: PLC0415 - brings pydantic, as the next
    from bot.agents.replay import packed  # noqa: PLC0415

    file = output or Path(file_name(evidence))
    _write(file, packed(evidence, asked, report))
    return file


def _write(file: Path, content: bytes) -> None:
    """Whole or not at all, and for its owner to read, until he passes it on."""
    partly = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        with os.fdopen(
            os.open(partly, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb"
        ) as opened:
            opened.write(content)
        partly.replace(file)
    except OSError as error:
        partly.unlink(missing_ok=True)
        raise Unwritable(f"{_shown(file)} cannot be written: {error.strerror}.") from error


def _summary(file: Path, evidence: Evidence, asked: Asked) -> str:
    """
    What was written, and what whoever passes it on should know:

        Wrote checkout.zip. To read it: slsdiag replay checkout.zip
        Taken out:
          values of environment variables (3)
        Still in it:
          account numbers and regions
    """
    from bot.agents.bundle import manifest  # noqa: PLC0415 - brings pydantic

    held = manifest(evidence, asked)
    removed = [f"  {each['what']} ({each['count']})" for each in held["removed"]]
    return "\n".join(
        [
            f"Wrote {_shown(file)}. To read it: slsdiag replay {_shown(file)}",
            "Taken out:",
            *(removed or ["  nothing"]),
            "Still in it:",
            *(f"  {each}" for each in held["kept"]),
        ]
    )


def _shown(file: Path) -> str:
    return visible(redacted(shlex.quote(str(file))))


def replay(
    file: Annotated[Path, typer.Argument(help="A file that slsdiag bundle wrote.")],
    verbose: Verbose = False,
    json_wanted: Json = False,
) -> None:
    """
    Show the report of a bundle again, from the file alone.

    Example: slsdiag replay checkout.zip
    """
    held, report, text, differs = _replayed(file)
    if json_wanted:
        typer.echo(text, nl=False)
    else:
        from bot.diagnosis.terminal import show  # noqa: PLC0415 - brings rich

        show(report, verbose=verbose, symptom=held.asked.symptom)
    for sentence in differs:
        typer.echo(f"slsdiag: {visible(sentence)}", err=True)
    raise typer.Exit(exit_status(report))


def _replayed(file: Path) -> tuple[Bundle, Report, str, list[str]]:
    """What the file holds, its report again, the same as JSON, and how it differs from the file's."""
    from bot.agents.bundle import report_json  # noqa: PLC0415
    from bot.agents.bundle_file import read  # noqa: PLC0415 - brings pydantic, as the next
    from bot.agents.replay import differences, replayed  # noqa: PLC0415

    try:
        held = read(file)
        report = replayed(held)
        return held, report, report_json(report), differences(held, report)
    except Unreadable as error:
        raise Unreadable(f"{_shown(file)} is not read: {error}.") from error
