"""App Home and the window behind *Diagnose*, as people live them."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime

import pytest

from bot.playground.account.demo_functions import REGION
from bot.playground.workspace import Person
from bot.playground.workspace.blocks import view_complaints
from bot.playground.workspace.messages import ELSEWHERE, GENERAL
from bot.playground.workspace.model import BOT_USER
from bot.search import picker
from bot.store.connection import connect

pytestmark = [pytest.mark.slow, pytest.mark.parametrize("mode", ["socket"], indirect=True)]
NOW = datetime.now(UTC)


@pytest.fixture
def look(slack, until):
    """Open somebody's Home, and give it once it holds the words."""

    def look(person, words=""):
        def shown():
            person.opens_home()
            return words in text_of(slack.store.homes.get(person.user, {})) and (
                person.user in slack.store.homes
            )

        until(shown, 10)
        view = slack.store.homes[person.user]
        assert view_complaints({"type": "home", "blocks": view["blocks"]}, "home") == []
        return text_of(view)

    return look


@pytest.fixture
def window(slack, look, until):
    """The window that *Diagnose* opens."""

    def window(person):
        look(person)
        assert person.clicks_in(slack.store.homes[person.user], "Diagnose").status == 200
        until(lambda: person.user in slack.store.views)
        return slack.store.views[person.user]

    return window


@pytest.fixture
def found(slack, until):
    """What a search brings, once a function of AWS's with the words is among it."""

    def found(person, typed, words):
        answers = []

        def there():
            view = slack.store.views[person.user]
            answers[:] = person.searches(view, picker.FUNCTION, typed)
            return any(words in said for said in labels(answers) if not said.startswith("Look for"))

        until(there, 15)
        return answers

    return found


def text_of(view):
    return json.dumps(view, ensure_ascii=False)


def labels(options):
    return [each["text"]["text"] for each in options]


def card_of(slack, words, **where):
    at = where.get("channel", GENERAL)
    return slack.waits_for(lambda m: m.channel == at and words in m.text and m.buttons(), 20)[0]


def test_home_shows_what_is_open_and_what_was_asked_for(ada, slack, look):
    ada.types("/slsdiag triage orders")
    slack.waits_for(lambda m: "orders · Datadog" in m.text, 20)
    home = look(
        ada,
        "orders is not reporting · Datadog owns the exec wrapper. AWS_LAMBDA_EXEC_WRAPPER belongs to Datadog",
    )

    assert "orders: stuck." in home
    assert "slsdiag itself: healthy" in home
    assert "Store: answers.\\nClock: runs.\\nSlack: connected." in home
    card = card_of(slack, "orders is not reporting")
    assert f"https://demo.slack.com/archives/{GENERAL}/p{card.ts.replace('.', '')}" in home


def test_home_follows_what_moves_without_being_opened_again(ada, slack, look, until):
    look(ada)
    ada.types("/slsdiag triage orders")
    stuck = slack.waits_for(lambda m: "orders · Datadog" in m.text and m.buttons(), 20)[0]
    until(lambda: "orders: stuck." in text_of(slack.store.homes[ada.user]), 10)
    Person(slack, "U0BOB", name="bob").clicks(stuck, "Stop")
    until(lambda: "None of yours." in text_of(slack.store.homes[ada.user]), 10)


def test_home_is_each_persons_own(ada, slack, look, bot):
    bob = Person(slack, "U0BOB", name="bob")
    ada.types("/slsdiag orders")
    card_of(slack, "orders is not reporting")
    look(ada, "orders is not reporting")

    assert "orders" not in look(bob)


def test_stranger_gets_no_home_and_no_window(ada, slack, look, time_passes, until):
    eve = Person(slack, "U0EVE", team="T0OTHER")
    eve.opens_home()
    look(ada)
    eve.clicks_in(slack.store.homes[ada.user], "Diagnose")
    time_passes()

    assert "U0EVE" not in slack.store.homes
    assert slack.store.views == {}
    ada.clicks_in(slack.store.homes[ada.user], "Diagnose")
    until(lambda: ada.user in slack.store.views)
    assert eve.searches(slack.store.views[ada.user], picker.FUNCTION, "ord") == []


@pytest.fixture
def time_passes():
    return lambda: time.sleep(0.5)


def test_window_finds_a_half_remembered_name_and_reports_in_a_channel(ada, slack, window, found):
    window(ada)
    option = found(ada, "ordr", "orders")[0]
    assert option["text"]["text"] == "orders"
    assert option["description"]["text"].startswith(f"{REGION} · 123456789012 · listed ")
    ada.submits(**{picker.FUNCTION: option, picker.CHANNEL: GENERAL})

    card = card_of(slack, "orders is not reporting")
    assert card.channel == GENERAL
    assert ada.user not in slack.store.views


def test_window_without_a_channel_answers_alone_and_can_guide(ada, slack, window, found, look):
    window(ada)
    option = found(ada, "orders", "orders")[0]
    ada.submits(**{picker.FUNCTION: option, picker.DOES: picker.GUIDE})

    direct = f"D{ada.user}"
    card_of(slack, "orders is not reporting", channel=direct)
    slack.waits_for(lambda m: m.channel == direct and "orders · Datadog" in m.text, 20)
    assert [m for m in slack.public() if m.channel != direct] == []
    assert "answer comes to you alone" in text_of(slack.store.homes[ada.user])


def test_where_the_bot_is_no_member_the_response_url_answers(ada, slack, window, found):
    window(ada)
    option = found(ada, "orders", "orders")[0]
    ada.submits(**{picker.FUNCTION: option, picker.CHANNEL: ELSEWHERE})

    message = slack.waits_for(lambda m: "/invite @slsdiag" in str(m.blocks), 20)[0]
    assert (message.channel, message.seen_by) == (ELSEWHERE, ada.user)


def test_what_was_asked_for_comes_first(ada, slack, look, window, found):
    ada.types("/slsdiag orders")
    card_of(slack, "orders is not reporting")
    window(ada)

    assert labels(found(ada, "", "billing"))[0] == "orders"


def test_search_answers_while_aws_does_not(ada, slack, aws, window, found):
    aws.latency = 4.0
    window(ada)
    began = time.monotonic()
    options = ada.searches(slack.store.views[ada.user], picker.FUNCTION, "")
    assert time.monotonic() - began < 3
    assert "Still reading the names of" in labels(options)[-1]
    ada.submits(**{picker.FUNCTION: options[-1]})
    assert ada.user in slack.store.views, "a name that is none is refused, the window stays"

    typed = ada.searches(slack.store.views[ada.user], picker.FUNCTION, "orders")
    assert "Look for orders, as typed" in labels(typed)
    aws.latency = 0.0  # so that what reads the names ends with the bot


def test_pasted_link_finds_the_function_in_its_region(ada, aws, slack, window, found):
    aws.account().region("us-east-1").function("orders", modified_at=NOW)
    window(ada)
    link = f"https://{REGION}.console.aws.amazon.com/lambda/home?region={REGION}#/functions/orders"
    found(ada, "orders", "orders")
    options = found(ada, link, "orders")

    assert [o["description"]["text"].split(" ")[0] for o in options] == [REGION]


@pytest.fixture
def payroll(aws):
    """Is there before the bot is: a listing is good for minutes."""
    aws.account("999999999999").region(REGION).function("secret-payroll", modified_at=NOW)


@pytest.mark.usefixtures("payroll")
def test_accounts_of_other_channels_stay_hidden(ada, slack, window, found, until):
    view = window(ada)
    found(ada, "orders", "orders")
    until(lambda: "Look for secret" in labels(ada.searches(view, picker.FUNCTION, "secret"))[0], 1)
    time.sleep(2)
    hidden = ada.searches(view, picker.FUNCTION, "secret-payroll")
    assert labels(hidden) == ["Look for secret-payroll, as typed"]

    ada.picks(picker.CHANNEL, GENERAL)
    seen = found(ada, "payroll", "secret-payroll")[0]
    assert "999999999999" in seen["description"]["text"]
    ada.submits(**{picker.FUNCTION: seen, picker.CHANNEL: ELSEWHERE})
    assert ada.user in slack.store.views
    ada.submits(**{picker.CHANNEL: GENERAL})
    slack.waits_for(lambda m: "secret-payroll is " in m.text and m.buttons(), 20)
    view = window(ada)
    assert labels(ada.searches(view, picker.FUNCTION, "secret-payroll")) == labels(hidden)


@pytest.mark.usefixtures("payroll")
def test_channel_that_somebody_is_not_in_offers_and_answers_nothing(
    ada, slack, window, found, until, redis
):
    """They may choose any public channel: its accounts are for those who are in it."""
    slack.store.channels[GENERAL].members.discard(ada.user)
    view = window(ada)
    found(ada, "orders", "orders")
    until(lambda: list(redis.scan_iter("slsdiag:inventory:arn:*999999999999*")), 10)
    ada.picks(picker.CHANNEL, GENERAL)
    until(lambda: "You are not in that channel" in text_of(slack.store.views[ada.user]))
    view = slack.store.views[ada.user]
    assert labels(ada.searches(view, picker.FUNCTION, "payroll")) == ["Look for payroll, as typed"]
    typed = ada.searches(view, picker.FUNCTION, "secret-payroll")[0]
    response = ada.submits(**{picker.FUNCTION: typed, picker.CHANNEL: GENERAL})

    assert "You are not in that channel" in response.payload["errors"][picker.CHANNEL]
    assert not [m for m in slack.messages if "payroll" in m.text]


@pytest.mark.usefixtures("payroll")
def test_where_the_bot_is_not_in_the_channel_nothing_is_proved(ada, slack, window, found, until):
    slack.store.channels[GENERAL].members.discard(BOT_USER)
    window(ada)
    option = found(ada, "orders", "orders")[0]
    response = ada.submits(**{picker.FUNCTION: option, picker.CHANNEL: GENERAL})

    assert "I cannot tell whether you are in it" in response.payload["errors"][picker.CHANNEL]


def test_member_is_told_once_what_the_message_in_the_channel_is_for(ada, slack, window, found):
    window(ada)
    for _ in range(3):
        ada.picks(picker.CHANNEL, GENERAL)
    notices = [m for m in slack.messages if m.seen_by == ada.user and "Diagnose window" in m.text]

    assert [m.channel for m in notices] == [GENERAL]


def test_same_submission_twice_is_one_ask(ada, slack, window, found):
    view = window(ada)
    option = found(ada, "orders", "orders")[0]
    ada.submits(**{picker.FUNCTION: option, picker.CHANNEL: GENERAL})
    slack.store.views[ada.user] = view
    ada.submits()
    card_of(slack, "orders is not reporting")
    time.sleep(0.5)

    assert len([m for m in slack.public() if m.thread_ts is None]) == 1


def test_refresh_shows_home_anew(ada, slack, look, until):
    look(ada)
    before = slack.store.homes[ada.user]["hash"]
    ada.clicks_in(slack.store.homes[ada.user], "Refresh")

    until(lambda: slack.store.homes[ada.user]["hash"] != before)


def test_hostile_names_are_shown_as_they_are(ada, aws, slack, look, until):
    """Neither a mention nor a link comes of what AWS says."""
    aws.account().region(REGION).functions["orders"]["$LATEST"]["Environment"]["Variables"][
        "AWS_LAMBDA_EXEC_WRAPPER"
    ] = "/opt/<!channel> <@U1> <https://evil.example|here>"
    ada.types("/slsdiag orders")
    card_of(slack, "orders is not reporting")
    look(ada, "orders is not reporting")
    mrkdwn = [
        each["text"]
        for block in slack.store.homes[ada.user]["blocks"]
        for each in [*block.get("elements", []), block.get("text", {})]
        if isinstance(each, dict) and each.get("type") == "mrkdwn"
    ]
    assert mrkdwn
    assert not [text for text in mrkdwn if "evil" in text or "<!channel" in text or "<@" in text]


@pytest.fixture
def away(redis, redis_url):
    """The store answers nobody for a while, and nobody can call that off."""
    yield redis.client_pause
    with connect(redis_url, answer_limit=15) as waiting:
        waiting.ping()


def test_while_the_store_is_away_nothing_is_lost_unsaid(ada, slack, window, found, away, until):
    view = window(ada)
    ada.picks(picker.FUNCTION, found(ada, "orders", "orders")[0])
    away(6_000)
    began = time.monotonic()
    typed = ada.searches(view, picker.FUNCTION, "orders")
    response = ada.submits(**{picker.CHANNEL: GENERAL})
    ada.opens_home()

    assert time.monotonic() - began < 6
    assert labels(typed) == ["Look for orders, as typed"]
    assert "my store is away" in str(response.payload["errors"])
    assert ada.user in slack.store.views
    until(lambda: "Store: does not answer." in text_of(slack.store.homes[ada.user]), 10)
    assert "My store is away, so I cannot say." in text_of(slack.store.homes[ada.user])
