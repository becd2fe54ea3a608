"""The rules of a card, which the tests of every demo function and of every described case hold."""

from __future__ import annotations

import re

from rich.cells import cell_len

from bot.diagnosis import data_path
from bot.diagnosis.all_checks import window
from bot.diagnosis.card import MOST_WORDS, card, private
from bot.diagnosis.state import headed, state_of
from bot.diagnosis.summary import summary
from checks.model import Overall
from checks.runbook import RUNBOOK
from tests.bot.diagnosis.golden import on_terminal

SLUGS = {step.slug for step in RUNBOOK if "_" in step.slug}
DISAGREEMENT = re.compile(
    r"\b1 (?:checks|payloads|filters|functions|invocations|regions|other regions|records)\b"
    r"|\b(?:[02-9]|\d\d+) (?:check|payload|filter|function|invocation|region|record)\b"
)


def texts(part):
    """What people read of blocks, without commands and the labels of links."""
    if isinstance(part, list):
        for each in part:
            yield from texts(each)
    elif part.get("type") == "rich_text_preformatted" or part.get("type") == "link":
        return
    elif isinstance(part.get("text"), str):
        yield part["text"]
    elif part.get("type") == "date":
        yield "today at 12:03"
    else:
        for name in ("text", "elements"):
            if name in part:
                yield from texts(part[name])


def _words(blocks):
    """Before the first row of buttons."""
    first = next(n for n, block in enumerate(blocks) if block["type"] == "actions")
    said = re.sub(r"<!date\^[^>]*>", "today at 12:03", " ".join(texts(blocks[:first])))
    return [word for word in said.split() if re.search(r"\w", word)]


def follows_the_rules(report):
    """The card, and what else is shown of the report."""
    shown = card(report, "id:1")
    blocks, state = shown["blocks"], state_of(report)
    every = " ".join(texts(blocks))

    assert len(_words(blocks)) <= MOST_WORDS, every
    assert "…" not in every, every
    assert report.headline is None or len(report.headline) <= 60
    assert f"{state.emoji} {headed(report.function.spelled, state)}" in blocks[0]["text"]["text"]
    assert headed(report.function.spelled, state) in shown["text"]
    assert report.function.name in shown["text"]
    for message in (shown, summary(report), window(report), private(report, "id:1")):
        text = " ".join(texts(message["blocks"]))
        assert not [slug for slug in SLUGS if slug in text]
        assert not DISAGREEMENT.search(text), DISAGREEMENT.search(text)
        assert " UTC" not in re.sub(r"<!date[^>]*>", "", text)
    _agrees(report)
    _fits_a_terminal(report)


def _fits_a_terminal(report):
    """80 × 24, of which the next prompt takes a line, with the verdict in sight; 45 columns, too."""
    lines = on_terminal(report, 80).splitlines()
    assert len(lines) <= 23, "\n".join(lines)
    assert max(map(cell_len, lines)) <= 80
    assert lines[0].startswith(f"{state_of(report).emoji} {report.function.spelled}")
    narrow = [line for line in on_terminal(report, 45).splitlines() if "/opt/" not in line]
    assert max(map(cell_len, narrow)) <= 45, "a path within a command's quotes may be longer"


def _agrees(report):
    """The first ❌ of a path is the cause's hop, and there is one exactly where there is a problem."""
    cause = report.line(report.cause)
    path = data_path.of_cause(report)
    stopped = [x for way in (data_path.traces, data_path.metrics) for x in way(report)]
    stopped = {stop.hop for stop in stopped if stop.state is data_path.State.STOPPED}

    if report.verdict is Overall.PROBLEM:
        assert cause.hop is not None, cause.step
        assert stopped == {cause.hop}
        assert "❌" in path
    else:
        assert not stopped
    assert ("Serverless's side" in report.summary) == (report.verdict is Overall.HEALTHY)
