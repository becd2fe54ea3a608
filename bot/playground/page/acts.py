"""What a person does on the page. Each act blocks until Slack would have an answer."""

from __future__ import annotations

from typing import Any

from bot.playground.page.people import SLACKBOT
from bot.playground.workspace import Message, Person, Response
from bot.playground.workspace.delivery import OK
from bot.playground.workspace.model import BOT_USER
from bot.slack.manifest import DIAGNOSE

COMMAND, MENTION = "/slsdiag", "@slsdiag"
LATE = "slsdiag did not answer in time."
GONE = "That is no longer there."


class Refused(Exception):
    """What the person reads instead."""


def say(person: Person, text: str, channel: str, thread: str | None = None) -> None:
    """Type into the box: a command, a mention, or just words."""
    members = person.slack.store.channels[channel].members
    first, _, rest = text.strip().partition(" ")
    if first.startswith("/"):
        _command(person, text.strip(), channel, thread)
    elif first == MENTION and BOT_USER in members:
        person.mentions(_escaped(rest.strip()), channel, thread)
    elif first:
        person.says(_escaped(text.strip()), channel, thread)


def click(person: Person, channel: str, ts: str, label: str, action_id: str) -> None:
    """A button of a message."""
    try:
        response = person.clicks(_message(person, channel, ts), label, action_id)
    except LookupError:
        raise Refused(GONE) from None
    _raise_if_late(response)


def diagnose(person: Person, channel: str, ts: str) -> None:
    """The shortcut in a message's menu."""
    _raise_if_late(person.chooses(DIAGNOSE, _message(person, channel, ts)))


def opens_home(person: Person) -> None:
    """The entry of App Home."""
    person.opens_home()


def click_in(person: Person, where: str, label: str) -> None:
    """A button of App Home (`where` is "home") or of the open window, or an option there."""
    _raise_if_late(person.clicks_in(_view(person, where), label))


def pick(person: Person, action_id: str, chosen: str) -> None:
    """A field of the window whose change the bot hears of."""
    person.picks(action_id, chosen)


def search(person: Person, where: str, action_id: str, text: str) -> list[dict[str, Any]]:
    """The options of a menu for what was typed into it."""
    return person.searches(_view(person, where), action_id, text)


def submit(person: Person, typed: dict[str, str]) -> dict[str, str]:
    """Send the open window; what is wrong with it, by block id."""
    _view(person, "modal")
    response = person.submits(**typed)
    _raise_if_late(response)
    return response.payload.get("errors") or {}


def close(person: Person) -> None:
    """Leave the open window."""
    with person.slack.lock:
        person.slack.store.views.pop(person.user, None)
        person.slack.lock.notify_all()


def _view(person: Person, where: str) -> dict[str, Any]:
    store = person.slack.store
    view = (store.homes if where == "home" else store.views).get(person.user)
    if view is None:
        raise Refused(GONE)
    return view


def _command(person: Person, text: str, channel: str, thread: str | None) -> None:
    command = text.partition(" ")[0]
    if command != COMMAND:
        _slackbot(person, f"`{command}` is not a valid command.", channel, thread)
    elif thread:
        notice = f"`{COMMAND}` is not supported in threads; type `{MENTION}` and the same words."
        _slackbot(person, notice, channel, thread)
    elif person.types(text, channel).status != OK:
        notice = f"`{COMMAND}` failed with the error `operation_timeout`."
        _slackbot(person, notice, channel, thread)


def _slackbot(person: Person, text: str, channel: str, thread: str | None) -> None:
    """A word from Slack itself, to them alone."""
    with person.slack.lock:
        person.slack.store.keep(
            channel,
            SLACKBOT,
            text=_escaped(text),
            blocks=[],
            thread_ts=thread,
            seen_by=person.user,
        )
        person.slack.lock.notify_all()


def _message(person: Person, channel: str, ts: str) -> Message:
    for message in person.slack.messages:
        if (message.channel, message.ts) == (channel, ts):
            return message
    raise Refused(GONE)


def _raise_if_late(response: Response) -> None:
    if response.status != OK:
        raise Refused(LATE)


def _escaped(text: str) -> str:
    """As Slack stores what people write."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
