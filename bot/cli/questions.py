"""Questions in the terminal: each is asked again until the answer can be used."""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

import typer

from bot.errors import UsageError
from bot.setup.parts import laid_out

T = TypeVar("T")
WIDEST = 100


def say(text: str) -> None:
    """Paragraphs, as wide as the terminal but no wider than reads well."""
    width = min(os.get_terminal_size().columns, WIDEST)
    typer.echo("\n".join(laid_out(text, width)) + "\n")


def heading(text: str) -> None:
    """Of a part."""
    typer.echo(f"\n{typer.style(text, bold=True)}\n")


def ask(
    question: str,
    understand: Callable[[str], T],
    default: str | None = None,
    *,
    unseen: bool = False,
) -> T:
    """The answer as `understand` gives it; what its UsageError says is shown, and asked again."""
    while True:
        answer = typer.prompt(
            question, default=default, hide_input=unseen, show_default=bool(default)
        )
        try:
            return understand(str(answer).strip())
        except UsageError as error:
            typer.echo(f"  {error}")


def matching(pattern: str, wants: str) -> Callable[[str], str]:
    """An answer that the whole pattern fits."""

    def understand(text: str) -> str:
        if not re.fullmatch(pattern, text, re.ASCII):
            raise UsageError(f"That must be {wants}.")
        return text

    return understand


def one_of(choices: Sequence[str]) -> Callable[[str], str]:
    """One of these words."""
    return matching("|".join(map(re.escape, choices)), " or ".join(choices))


def listed(each: Callable[[str], str]) -> Callable[[str], Sequence[str]]:
    """Any number, with commas between them."""
    return lambda text: tuple(each(part.strip()) for part in text.split(",") if part.strip())


def typed(path: Path) -> str:
    """As a person types it in a command: what is in the home folder from there."""
    try:
        return f"~/{shlex.quote(str(path.relative_to(Path.home())))}"
    except (ValueError, RuntimeError):
        return shlex.quote(str(path))


def is_set(variable: str) -> bool:
    """Whether the environment holds it already."""
    return bool(os.environ.get(variable, "").strip())
