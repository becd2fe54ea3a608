"""What each person sees on the demo's page, and what is sent of it."""

from __future__ import annotations

import pytest

from bot.playground.account import FakeAws
from bot.playground.demo import Demo
from bot.playground.page.acts import Refused, click, close, say, submit
from bot.playground.page.people import lives_in, players_of, welcome
from bot.playground.page.view import difference, file_of, seen
from bot.playground.workspace import Person, Workspace
from bot.playground.workspace.messages import GENERAL
from bot.playground.workspace.model import BOT_USER


@pytest.fixture
def played():
    """The workspace and its people, without the bot."""
    with Workspace() as slack, FakeAws() as aws:
        demo = Demo(slack, aws, {"orders": "Datadog's wrapper", "checkout": "healthy"}, you(slack))
        players = players_of(demo)
        welcome(demo)
        yield players


def you(slack):
    return Person(slack, "U0YOU", name="you")


def sees(players, user="U0YOU"):
    return seen(players[user], players, {})


def texts(view):
    return [each["text"] for each in view["messages"].values()]


def keep(players, **what):
    store = players["U0YOU"].person.slack.store
    return store.keep(GENERAL, BOT_USER, **({"text": "", "blocks": []} | what))


def test_the_first_message_names_the_sick(played):
    first = texts(sees(played))[0]

    assert "Broken: `orders`\n" in first
    assert "Healthy: `checkout`\n" in first


def test_an_ephemeral_message_is_for_its_reader(played):
    keep(played, text="for sam", seen_by="U0SAM")

    assert "for sam" in texts(sees(played, "U0SAM"))
    assert "for sam" not in texts(sees(played))


def test_a_file_is_for_who_sees_its_message(played):
    store = played["U0YOU"].person.slack.store
    token = store.files.begin({"filename": "a.zip", "length": "3"})["upload_url"].rpartition("/")[2]
    store.files.take(token, b"abc")
    (file,) = store.files.all.values()
    assert file_of(played["U0SAM"], file.id) is None
    keep(played, seen_by="U0SAM").files.append(file.shown)

    assert file_of(played["U0SAM"], file.id) == ("a.zip", b"abc")
    assert file_of(played["U0YOU"], file.id) is None
    assert file_of(played["U0SAM"], "F999") is None


def test_nobody_reads_another_ones_direct_channel(played):
    slack = played["U0YOU"].person.slack
    slack.store.keep(slack.store.direct("U0SAM").id, BOT_USER, text="reminder", blocks=[])

    assert "reminder" in texts(sees(played, "U0SAM"))
    assert "reminder" not in texts(sees(played))


def test_a_stranger_is_in_the_shared_channel_alone(played):
    assert [each["id"] for each in sees(played, "U0EVE")["channels"]] == [GENERAL]
    assert sees(played, "U0EVE")["me"]["member"] is False


def test_only_what_changed_is_sent(played):
    before = sees(played)
    assert difference(before, sees(played)) == {}
    gone = keep(played, text="once")
    middle = sees(played)
    assert difference(before, middle) == {
        "messages": {"set": [middle["messages"][gone.ts]], "gone": []}
    }
    played["U0YOU"].person.slack.messages.remove(gone)
    after = sees(played)

    assert difference(middle, after) == {"messages": {"set": [], "gone": [gone.ts]}}


def test_an_edited_message_is_sent_again(played):
    message = keep(played, text="looking")
    before = sees(played)
    message.text, message.edits = "found", 1
    news = difference(before, sees(played))

    assert [each["text"] for each in news["messages"]["set"]] == ["found"]
    assert news["messages"]["set"][0]["edited"]


def test_words_are_kept_as_slack_keeps_them(played):
    say(played["U0YOU"].person, " <b> & *so* ", GENERAL)
    say(played["U0YOU"].person, "   ", GENERAL)

    assert texts(sees(played))[1:] == ["&lt;b&gt; &amp; *so*"]


def test_slack_itself_answers_what_is_no_command_here(played):
    you = played["U0YOU"].person
    root = keep(played, text="root").ts
    say(you, "/poll lunch", GENERAL)
    say(you, "/slsdiag orders", GENERAL, root)
    said = texts(sees(played))[2:]

    assert "`/poll` is not a valid command." in said[0]
    assert "not supported in threads" in said[1]
    assert len(texts(sees(played, "U0SAM"))) == 2


def test_a_bot_that_is_not_there_is_said_to_have_failed(played):
    say(played["U0YOU"].person, "/slsdiag orders", GENERAL)

    assert "operation_timeout" in texts(sees(played))[-1]


def test_what_is_gone_cannot_be_clicked_or_sent(played):
    person = played["U0YOU"].person
    ts = keep(played, text="x").ts
    for act in (
        lambda: click(person, GENERAL, ts, "Stop", "stop"),
        lambda: click(person, GENERAL, "1.0", "Stop", "stop"),
        lambda: submit(person, {}),
    ):
        with pytest.raises(Refused):
            act()


def test_a_window_is_left(played):
    person = played["U0YOU"].person
    person.slack.store.views["U0YOU"] = {"type": "modal", "blocks": []}
    assert sees(played)["modal"]
    assert sees(played, "U0SAM")["modal"] is None
    close(person)

    assert sees(played)["modal"] is None


def test_dates_are_in_the_visitors_zone(played):
    person = played["U0YOU"].person
    lives_in(person, "America/Lima")
    lives_in(person, "../../etc/passwd")
    lives_in(person, "Nowhere/Land")

    assert sees(played)["me"]["zone"] == "America/Lima"
    assert person.slack.store.users["U0YOU"]["tz"] == "America/Lima"
