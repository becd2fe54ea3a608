"""What each command does: it saves what was typed, and gives what the person alone reads at once."""

from __future__ import annotations

from dataclasses import dataclass

from bot.app import lists
from bot.app.parser import (
    Check,
    Doctor,
    History,
    ListAccounts,
    Say,
    ScanWanted,
    Status,
    Stop,
    wanted,
)
from bot.app.services import Services
from bot.conversation import Conversation
from bot.diagnosis import notices
from bot.diagnosis.messages import card_key
from bot.diagnosis.model import Diagnosis
from bot.digest import listeners as digest
from bot.digest.parser import Create, End, List, Now
from bot.errors import UsageError
from bot.serving_settings import Role
from bot.slack.blocks import Body, words
from bot.target import Target
from bot.triage.model import Triage
from bot.watch.parser import Off, On, WatchStatus

DID_YOU_MEAN = "Did you mean one of these?"
REPORTS = 50
AtOnce = ListAccounts | Doctor | Status | History | Stop


@dataclass(frozen=True, slots=True)
class Answer:
    """What the person alone reads at once."""

    body: Body
    follows: bool = False
    """Something visible follows by itself, so that a mention needs no words."""


def answer(services: Services, text: str, conversation: Conversation, once: str) -> Answer:
    """Do what `text` asks for; `once` names the request, so that it is done once."""
    command = wanted(text)
    if isinstance(command, Say):
        return _say(services, command, conversation)
    if refusal := services.accounts.refused(conversation.channel):
        return Answer(words(refusal))
    match command:
        case Check():
            return _check(services, command, conversation, once)
        case ScanWanted(prefix=prefix):
            services.scans.open(prefix, conversation, once)
            which = f"the functions that begin with {prefix}" if prefix else "all functions"
            return Answer(notices.checking(which), follows=True)
        case Create() | List() | Now() | End():
            return Answer(digest.answer(services.digests, command, conversation, once))
        case On() | Off() | WatchStatus():
            return Answer(services.watches.answer(command, conversation))
        case _:
            return Answer(_at_once(services, command, conversation))


def _at_once(services: Services, command: AtOnce, conversation: Conversation) -> Body:
    """The commands that need no worker."""
    channel = conversation.channel
    match command:
        case ListAccounts():
            return words("\n".join(services.accounts.listing(channel)))
        case Doctor():
            return words(services.doctor(conversation))
        case Status():
            scans, triages = (
                services.scans.under_way(channel),
                services.triages.lookup.visible(channel),
            )
            unreadable = (*triages.unreadable, *scans.unreadable)
            return lists.status(triages, scans, conversation.user, unreadable)
        case History(target=target):
            reports = services.diagnosis.visible(channel, REPORTS)
            shown = [services.triages.lookup.current(report) for report in reports]
            return lists.history(shown, target, reports.unreadable, services.setups)
        case Stop(target=target):
            return _stop(services, target, conversation)


def _say(services: Services, command: Say, conversation: Conversation) -> Answer:
    """With the names that resemble the words, where these may be parts of one."""
    text, choices = command.text, command.choices
    if command.sought:
        similar = services.search.resembling(
            command.sought, conversation.user, conversation.channel
        )
        text = f"{text} {DID_YOU_MEAN}" if similar and not choices else text
        choices = tuple(dict.fromkeys((*similar, *choices)))
    return Answer(notices.question(text, choices) if choices else words(text))


def _check(services: Services, command: Check, conversation: Conversation, once: str) -> Answer:
    target = command.target
    try:
        services.accounts.must_agree(target, conversation.channel)
    except UsageError as error:
        return Answer(words(str(error)))
    guide = command.guide
    standing = services.diagnosis.open(target, conversation, once, command.only, guide=guide)
    if standing is None:
        return Answer(notices.checking(target.spelled), follows=True)
    return Answer(notices.checking_again(target.spelled, _address(services, standing)))


def _address(services: Services, diagnosis: Diagnosis) -> str | None:
    """Of its card; None where the store does not have it."""
    posted = services.replies.outbox.load(card_key(diagnosis))
    if not (services.url and posted and posted.ts):
        return None
    return f"{services.url}archives/{diagnosis.channel}/p{posted.ts.replace('.', '')}"


def _stop(services: Services, target: Target | None, conversation: Conversation) -> Body:
    """The only one, or the one that was named; else a question."""
    open_ = services.triages.lookup.visible(conversation.channel)
    named = [triage for triage in open_ if target is None or triage.target == target.spelled]
    if not named:
        return words(
            "\n".join(["No triage is open in this channel.", *lists.others(open_.unreadable)])
        )
    if len(named) > 1:
        which = [f"stop function:{triage.target}" for triage in named]
        return notices.question("Several triages are open: which one shall I stop?", which)
    refusal = stop_refusal(services, named[0], conversation)
    return words(refusal or f"Stopped the triage of {named[0].target}.")


def stop_refusal(services: Services, triage: Triage, conversation: Conversation) -> str | None:
    """Ends the triage for who began it, or an admin; why not, otherwise."""
    others = triage.place.user != conversation.user
    if others and (refusal := services.access.refusal(conversation, Role.ADMIN)):
        return refusal
    over = not services.triages.stop(triage.id, conversation.user)
    return f"The triage of {triage.target} is over already." if over else None
