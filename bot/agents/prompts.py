"""Questions that a person can choose from a client's menu. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.agents.answers import DATA
from bot.agents.quoting import quoted
from bot.agents.schemas import LONGEST_NAME
from bot.errors import UsageError


@dataclass(frozen=True, slots=True)
class Prompt:
    """One prompt; `takes` is its one argument, and what that is."""

    title: str
    does: str
    takes: tuple[str, str]
    ask: Callable[[str], str]


def _diagnose(target: str) -> str:
    return (
        f"The metrics or traces of the Lambda function {quoted(target)} are missing in Serverless "
        "Framework Dashboard. Find out why: call check_function with it. Then tell me the cause and "
        "its proof in two sentences, and the actions in their order, with the cautions. Run no "
        "command yourself: show it. Where a check could not see something, say so, and call nothing "
        f"healthy that was not seen. {DATA}"
    )


def _explain(target: str) -> str:
    return (
        f"Explain to my team what is wrong with the Lambda function {quoted(target)}. Call "
        "check_function with it, and explain_check with the cause that it names. Write for people "
        "who do not know Serverless Framework Dashboard: what they do not see and since when, why, "
        f"who has to do what, and how we will know that it works again. At most 150 words. {DATA}"
    )


_FUNCTION = ("function", "Its name, name:qualifier or ARN.")
PROMPTS: Mapping[str, Prompt] = {
    "diagnose": Prompt(
        "Diagnose", "Find out why a function's data is missing.", _FUNCTION, _diagnose
    ),
    "explain-to-my-team": Prompt(
        "Explain to my team", "Explain a function's problem to others.", _FUNCTION, _explain
    ),
}


def message(name: str, given: Mapping[str, str]) -> str:
    """What the person asks, or a UsageError."""
    prompt = PROMPTS.get(name)
    if prompt is None:
        raise UsageError(f"There is no such prompt. There are: {', '.join(PROMPTS)}.")
    text = given.get(prompt.takes[0], "").strip()
    if not text or len(text) > LONGEST_NAME:
        raise UsageError(f"The prompt {name} needs the argument {prompt.takes[0]}.")
    return prompt.ask(text)
