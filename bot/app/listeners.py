"""
The Bolt app: it parses, saves and answers; workers do the rest.

`process_before_response` lets the answer leave when a listener returns, so a listener does no
more than one round trip to the store.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from slack_bolt import Ack, App
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient

from bot.app import failures
from bot.app.authorization import Authorization
from bot.app.commands import answer, stop_refusal
from bot.app.requests import mention_in
from bot.app.services import Services
from bot.attachments import listeners as attachments
from bot.conversation import Conversation
from bot.diagnosis import listeners as diagnosis
from bot.diagnosis import notices
from bot.digest import listeners as digest
from bot.scan import listeners as scan
from bot.slack.actions import ActionId, pattern
from bot.slack.blocks import words
from bot.slack.interactions import Payload, conversation_of, id_of
from bot.slack.manifest import DIAGNOSE
from bot.slack.message_text import all_text
from bot.slack.observed import ObservedApp
from bot.triage import listeners as triage
from bot.watch import listeners as watch

NOTHING_NAMED = "That message names no function that I can tell: type /slsdiag my-function"


@dataclass(frozen=True, slots=True)
class BotIdentity:
    """Who we are in Slack, asked once at the start."""

    team: str
    bot_user: str
    bot_id: str
    url: str = ""
    """The workspace's address, with a slash at its end."""


def build(client: WebClient, identity: BotIdentity, services: Services) -> App:
    """The app with every listener on it; requests are verified before they come here."""
    app, team, replies = _app(client, identity), identity.team, services.replies
    app.use(services.external)
    app.use(Authorization(team, services.access, replies, services.loss))
    _listen_to_words(app, team, services)
    _listen_to_choices(app, team, services)
    ends = partial(stop_refusal, services)
    diagnosis.listen(app, team, services.diagnosis, services.triages.lookup.latest, replies)
    triage.listen(app, team, services.diagnosis, services.triages, ends, replies)
    attachments.listen(app, team, services.attachments, replies)
    scan.listen(app, team, services.scans, replies)
    digest.listen(app, team, services.digests, replies)
    watch.listen(app, team, services.watches, replies)
    failures.listen(app, team, replies)
    return app


def _app(client: WebClient, identity: BotIdentity) -> App:
    us = AuthorizeResult(
        enterprise_id=None,
        team_id=identity.team,
        bot_user_id=identity.bot_user,
        bot_id=identity.bot_id,
        bot_token=client.token,
    )
    return ObservedApp(
        client=client,
        authorize=lambda: us,  # without it, the first request waits for Slack to say who we are
        request_verification_enabled=False,
        process_before_response=True,
        attaching_function_token_enabled=False,
        attaching_conversation_kwargs_enabled=False,
        signing_secret="verified-before",  # noqa: S106 - no secret: see http.py
    )


def _listen_to_words(app: App, team: str, services: Services) -> None:
    replies = services.replies

    @app.command("/slsdiag")
    def command(ack: Ack, command: Payload) -> None:
        url, user = command.get("response_url"), command["user_id"]
        conversation = Conversation(team, command["channel_id"], user, response_url=url)
        text, once = command.get("text", ""), command["trigger_id"]
        ack(**answer(services, text, conversation, once).body)

    @app.event("app_mention")
    def mention(event: Payload, body: Payload) -> None:
        conversation = mention_in(body, team)
        reply = answer(services, event.get("text", ""), conversation, body["event_id"])
        if not reply.follows:
            replies(conversation, reply.body, id_of(body))

    @app.message_shortcut(DIAGNOSE)
    def diagnose(ack: Ack, body: Payload) -> None:
        ack()
        conversation = conversation_of(body, team)
        text = all_text(body["message"])
        named = services.search.meant(text, conversation.user, conversation.channel)
        question = notices.question("Which function shall I look at?", named) if named else None
        replies(conversation, question or words(NOTHING_NAMED), id_of(body))


def _listen_to_choices(app: App, team: str, services: Services) -> None:
    """The buttons that stand for a command."""
    replies = services.replies

    @app.action(pattern(ActionId.CHOICE))
    def chosen(ack: Ack, body: Payload, action: Payload) -> None:
        ack()
        conversation, command = conversation_of(body, team), action["value"]
        once = f"{body.get('container', {}).get('message_ts')}:{command}"
        replies(conversation, answer(services, command, conversation, once).body, id_of(body))
