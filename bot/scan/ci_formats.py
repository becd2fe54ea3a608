"""
A scan as JUnit's XML and as GitHub's annotations.

    down, not reporting              failure   ::error, one for each cause
    waiting, undetermined, not read  error     ::warning: the exit status is 3, so no build is green
    unverified                       skipped   ::notice
    not invoked, not instrumented    skipped   nothing: neither changes the exit status
    healthy, note                    passed    ::notice of a note
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from bot.formats import github, junit
from bot.formats.github import Annotation, Level
from bot.formats.junit import Case, Outcome, Suite
from bot.scan.clusters import clusters_by_state
from bot.scan.headline import state_of
from bot.scan.lines import named_cause, state_of_all, where
from bot.scan.model import UNVERIFIED, Cluster, Scan, Seen, Unreadable
from bot.text.states import State
from checks.grammar import counted
from checks.report import timestamp
from checks.runbook import step_named

NAMED = 20
"""Names of an annotation."""
_UNDECIDED = frozenset({"waiting", "undetermined"})
_NEXT = "What to do about one of them: slsdiag check NAME"


def document(scan: Scan, form: str) -> str:
    """As the value of `--format` says: junit or github."""
    return {"junit": as_junit, "github": as_annotations}[form](scan)


def as_junit(scan: Scan) -> str:
    """One suite for each account and region, with a test case for each function."""
    places: dict[tuple[str, str], list[Case]] = defaultdict(list)
    for seen in sorted(scan.seen, key=lambda each: each.name):
        places[seen.account, seen.region].append(_case(seen))
    for place in scan.unreadable:
        places[place.account, place.region].append(_unread(place))
    when = timestamp(scan.checked_at)
    suites = [
        Suite(f"{region} of {account}", places[account, region], when)
        for account, region in sorted(places)
    ]
    return junit.document(suites or [_NOTHING])


_NOTHING = Suite(
    "slsdiag", [Case("scan", "slsdiag", Outcome.PASSED, message="There are no functions.")]
)
"""Jenkins refuses a report without a test case."""


def _case(seen: Seen) -> Case:
    state = state_of(seen)
    kind = seen.kind.value if seen.kind else seen.verdict
    message = _headline(seen) or f"State: {state.word}."
    lines = {
        seen.saw: seen.saw,
        f"State: {state.word}.": True,
        f"Owner: {seen.owner}": seen.owner,
        "Not verified exactly: this scan did not read its log.": not seen.exact,
    }
    details = [line for line, applies in lines.items() if line and applies and line != message]
    classname = f"{seen.account}.{seen.region}"
    return Case(seen.name, classname, _outcome(seen), kind, message, details)


def _outcome(seen: Seen) -> Outcome:
    if seen.is_news:
        return Outcome.FAILURE
    if seen.verdict in _UNDECIDED:
        return Outcome.ERROR
    return Outcome.SKIPPED if seen.kind or seen.verdict == UNVERIFIED else Outcome.PASSED


def _unread(place: Unreadable) -> Case:
    classname = f"{place.account}.{place.region}"
    return Case("every function read", classname, Outcome.ERROR, "unreadable", place.why)


def _headline(seen: Seen) -> str | None:
    step = step_named(seen.cause) if seen.cause else None
    return seen.headline or (step.title if step else None)


def as_annotations(scan: Scan) -> str:
    """One for each cause, whatever the number of its functions: GitHub shows ten of a level."""
    found = [
        *(_of_cause(cause) for cause in clusters_by_state(scan.seen) if cause.is_news),
        *_undecided(scan),
        *_notes(scan),
    ]
    return github.document(found, counted(len(scan.seen), "function"))


def _of_cause(cause: Cluster) -> Annotation:
    number = counted(len(cause.functions), "function")
    title = f"{named_cause(cause)} · {number} {state_of_all(cause).word}"
    lines = [_names(cause.functions), where(cause), _NEXT]
    return Annotation(Level.ERROR, title, lines)


def _undecided(scan: Scan) -> Iterator[Annotation]:
    for state in (State.WAITING, State.CANNOT_TELL):
        yield from _of_state(scan, state, Level.WARNING)
    for place in scan.unreadable:
        title = f"Not read: {place.region} of {place.account}"
        yield Annotation(Level.WARNING, title, [place.why])


def _of_state(scan: Scan, state: State, level: Level) -> Iterator[Annotation]:
    if functions := [seen for seen in scan.seen if state_of(seen) is state]:
        title = f"{state.word.capitalize()} · {counted(len(functions), 'function')}"
        yield Annotation(level, title, [_names(functions), _NEXT])


def _notes(scan: Scan) -> Iterator[Annotation]:
    """What is by design, by headline; and what was not verified."""
    noted: dict[str, list[Seen]] = defaultdict(list)
    for seen in scan.seen:
        if seen.verdict == "notice":
            noted[_headline(seen) or "Note"].append(seen)
    for headline, functions in noted.items():
        title = f"{headline} · {counted(len(functions), 'function')}"
        yield Annotation(Level.NOTICE, title, [_names(functions), _NEXT])
    yield from _of_state(scan, State.UNVERIFIED, Level.NOTICE)


def _names(functions: Sequence[Seen]) -> str:
    """carts, orders, … 3 more"""
    names = list(dict.fromkeys(function.name for function in functions))
    left = len(names) - NAMED
    return ", ".join([*names[:NAMED], *([f"… {left:,} more"] if left > 0 else [])])
