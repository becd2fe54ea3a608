"""
The card of a check: what a person sees in the channel. Data in, blocks out.

    🔴 billing is DOWN · SDK layer missing
    The function cannot start. AWS_LAMBDA_EXEC_WRAPPER still leads into it.
    1. Now: remove AWS_LAMBDA_EXEC_WRAPPER (…)                  billing › Environment variables ↗
       aws lambda …
    2. Turn Instrument off, save, turn it on and save again     Dashboard › Settings › … ↗
    ✅ integration, runtime → ❌ layer → ⚪ wrapper to Dashboard
    nodejs20.x · eu-west-1 · 123456789012 · 2 of 24 checks failed · today 12:03
    [Check again] [Guide me] [All checks]

A card holds 60 words before its buttons at most; commands and links are not counted. What does
not fit stands in the summary below it (bot/diagnosis/summary.py).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import accumulate

from slack_sdk.models.blocks import ActionsBlock, Block, ButtonElement

from bot.diagnosis import data_path
from bot.diagnosis.sentences import TIME, sentences
from bot.diagnosis.state import headed, mark_of, state_of
from bot.diagnosis.styled import styled
from bot.slack.actions import ActionId
from bot.slack.blocks import Body, body, button, context, escaped, header, markup
from bot.slack.rich_text import (
    Part,
    Piece,
    block,
    copyable,
    date_token,
    link,
    listed,
    paragraph,
    text,
)
from checks.grammar import counted
from checks.model import Action, Overall, Verdict
from checks.report import Report, shown_actions

CHECK_AGAIN = (ActionId.CHECK_AGAIN, "Check again")
GUIDE = (ActionId.GUIDE, "Guide me")
STOP_WAIT = (ActionId.STOP_WAIT, "Stop")
ALL_CHECKS = (ActionId.ALL_CHECKS, "All checks")
JOIN = (ActionId.JOIN, "Join the triage")
INVITE = "/invite @slsdiag to get the card, the thread and the waits."
MOST_WORDS = 60
_WORD = re.compile(r"\S*\w\S*")
_BRACKETS = re.compile(r" \([^()]*(?:\([^()]*\)[^()]*)*\)")


@dataclass(frozen=True, slots=True)
class Course:
    """What people do about it: a line on the card while a triage goes on, and how it ended."""

    parts: tuple[Part, ...]
    text: str
    """The same, for the notification."""
    over: bool = False
    """Nobody works on it any more."""
    url: str | None = None
    """Of the thread, where it is another card's."""

    @property
    def words(self) -> str:
        """The line, with a time or a person in as many words as they take."""
        return " ".join(str(x.to_dict().get("text") or "today at 12:03") for x in self.parts)


def headline(report: Report) -> str:
    """🟠 orders is not reporting · Datadog owns the exec wrapper"""
    state = state_of(report)
    about = f" · {report.headline}" if report.headline else ""
    return f"{state.emoji} {headed(report.function.spelled, state)}{about}"


def card(report: Report, token_: str, course: Course | None = None, *, begins: bool = True) -> Body:
    """
    As the module's docstring shows it; `token_` is what its buttons carry.

    `begins`: a triage begins by itself if the report waits, and can be stopped.
    """
    waits = report.verdict is Overall.WAITING and (begins or course is not None)
    offered = [STOP_WAIT] if waits and not (course and course.over) else []
    if course is None and not waits:
        offered = [GUIDE]
    buttons = ActionsBlock(elements=[*_joining(course), *_clicked(token_, offered)])
    return _compose(report, [paragraph(course.parts)] if course else [], buttons, course)


def private(report: Report, token_: str) -> Body:
    """For the requester only, where the bot may not post."""
    all_checks = ActionsBlock(elements=[button(*ALL_CHECKS, token_)])
    message = _compose(report, [], all_checks, None)
    return {**message, "blocks": [*message["blocks"], context(f"Type {INVITE}").to_dict()]}


def _compose(
    report: Report, lines: Sequence[Piece], buttons: ActionsBlock, course: Course | None
) -> Body:
    head = headline(report)
    path = data_path.of_cause(report)
    small = _small_print(report)
    course_text, course_words = ([course.text], [course.words]) if course else ([], [])
    room = MOST_WORDS - count_words(" ".join([head, path, small, *course_words]))
    told = _told(report, room)
    who = [paragraph(styled(told, report.checked_at, *report.names))] if told else []
    explained = _explained(report, course, room - count_words(re.sub(TIME, "a b c", told)))
    pieces = [*lines, *explained, *who, paragraph([text(path)])]
    blocks: list[Block] = [header(head), block(pieces), markup(small), buttons]
    return body(" ".join([f"{head}.", *course_text, report.summary]), blocks)


def count_words(words: str) -> int:
    """Whatever holds a letter or a digit, between blanks; a date token is three."""
    return len(_WORD.findall(re.sub(r"<!date\^[^>]*>", "today at 12:03", words)))


def _explained(report: Report, course: Course | None, room: int) -> list[Piece]:
    """
    The explanation and the first actions, as far as there is room; the first one always.

    What is to be done comes before all of the explanation but its first sentence. A course says
    itself how long the bot waits.
    """
    explained = sentences(report, until=course is None)
    actions = shown_actions(report)
    instructions = [_shortened(action, room) for action in actions]
    left = room - sum(map(count_words, instructions[:1]))
    begin = count_words(next(iter(explained), ""))
    fitting = _fitting(instructions, room - begin if begin <= left else room)
    explanation = _explanation(explained, room - sum(map(count_words, fitting)))
    shown: list[Piece] = [paragraph(_styled(report, explanation))] if explanation else []
    for number, (action, instruction) in enumerate(zip(actions, fitting, strict=False)):
        shown += action_pieces(report, action, number, instruction)
    return shown


def _told(report: Report, room: int) -> str:
    """Who made the change, as far as the first action leaves room; Slack shows a time in three words."""
    first = next(map(_instruction, shown_actions(report)), "")
    whole = (report.told or "").partition(" A check saw ")[0]
    told = _BRACKETS.sub("", whole)
    shorter = (report.told or "", whole, told, re.sub(rf" on {TIME}", "", told))
    left = room - count_words(first)
    return next((x for x in shorter if count_words(re.sub(TIME, "a b c", x)) <= left), "")


def _fitting(instructions: Sequence[str], room: int) -> Sequence[str]:
    """The first ones; one at least."""
    used = list(accumulate(map(count_words, instructions)))
    return instructions[: max(1, sum(total <= room for total in used))]


def _shortened(action: Action, room: int) -> str:
    """Without what is in brackets, where it is too long; its caution stays."""
    whole = _instruction(action)
    if count_words(whole) <= room:
        return whole
    return cut(_instruction(replace(action, do=_BRACKETS.sub("", action.do))), room)


def cut(words: str, most: int) -> str:
    """Its first words, where there are more."""
    matches = list(_WORD.finditer(words))
    return words if len(matches) <= most else f"{words[: matches[max(most - 1, 0)].end()]} …"


def _explanation(explained: Sequence[str], room: int) -> str:
    """Those that fit."""
    fitting: list[str] = []
    for sentence in explained:
        if (length := count_words(sentence)) <= room:
            room -= length
            fitting.append(sentence)
    return " ".join(fitting)


def action_pieces(
    report: Report, action: Action, number: int, instruction: str | None = None
) -> list[Piece]:
    """One of a numbered list: what to do, where, and the command to copy."""
    where = report.place(action)
    parts = _styled(report, instruction or _instruction(action))
    if where:
        parts += [text(" "), link(f"{action.way or where.label} ↗", where.url)]
    elif action.way:
        parts.append(text(f": {action.way}"))
    pieces = [listed([parts], numbered=True, offset=number)]
    return [*pieces, copyable(action.command)] if action.command else pieces


def _instruction(action: Action) -> str:
    return f"{action.do} ({action.caution})" if action.caution else action.do


def _styled(report: Report, words: str) -> list[Part]:
    return styled(words, report.checked_at, report.function.name)


def _small_print(report: Report) -> str:
    about = report.function
    where = (about.runtime or "container image", about.region, about.account)
    parts = [*(escaped(part) for part in where), _counted(report), date_token(report.checked_at)]
    return " · ".join(parts)


def _counted(report: Report) -> str:
    """2 of 24 checks failed; where there is no problem, 22 of 24 checks passed"""
    failed = report.verdict is Overall.PROBLEM
    outcome, what = (Verdict.PROBLEM, "failed") if failed else (Verdict.OK, "passed")
    count = sum(line.outcome is outcome for line in report.steps)
    return f"{count} of {counted(len(report.steps), 'check')} {what}"


def _joining(course: Course | None) -> list[ButtonElement]:
    action, label = JOIN
    url = course.url if course else None
    return [ButtonElement(text=label, action_id=action, url=url)] if url else []


def _clicked(token_: str, more: Sequence[tuple[str, str]]) -> list[ButtonElement]:
    return [button(*choice, token_) for choice in (*more, CHECK_AGAIN, ALL_CHECKS)]


def step(report: Report, slug: str, token_: str, now: datetime) -> Body:
    """
    One check's outcome, and how old what it was judged by is:

        ❌ orders · Datadog owns the exec wrapper
        Is the wrapper environment variable set? …
    """
    line = next(check for check in report.steps if check.step == slug)
    head = f"{mark_of(line.outcome)} {report.function.spelled} · {line.headline or line.title}"
    pieces = [paragraph(_styled(report, line.saw))]
    for number, action in enumerate(line.actions):
        pieces += action_pieces(report, action, number)
    age = max(0, round((now - report.checked_at).total_seconds()))
    small = f"Check {slug} · read {date_token(report.checked_at)}, {age} s ago"
    blocks: list[Block] = [header(head), block(pieces), markup(small)]
    return body(
        f"{head}. {line.saw}", [*blocks, ActionsBlock(elements=[button(*CHECK_AGAIN, token_)])]
    )
