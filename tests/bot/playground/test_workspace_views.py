"""Windows, App Home and menus of the fake Slack, with a small app of real Bolt behind them."""

from __future__ import annotations

import pytest
from slack_bolt import App
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.playground.workspace import Person, Workspace
from bot.playground.workspace.blocks import complaints, view_complaints
from bot.slack.socket import SocketMode


def plain(text: str) -> dict:
    return {"type": "plain_text", "text": text}


def option(name: str, **more) -> dict:
    return {"text": plain(name), "value": f"v-{name}"} | more


def menu(kind: str, **more) -> dict:
    return {"type": kind, "action_id": kind} | more


def section(accessory: dict) -> dict:
    return {"type": "section", "text": plain("said"), "accessory": accessory}


def actions(*elements: dict) -> list[dict]:
    return [{"type": "actions", "elements": list(elements)}]


def field(element: dict, **more) -> dict:
    return {"type": "input", "label": plain("Field"), "element": element} | more


BUTTON = {"type": "button", "text": plain("Go"), "action_id": "go", "value": "1"}
PICTURE = {"type": "image", "image_url": "https://example.com/a.png", "alt_text": "a"}
STATIC = menu("static_select", options=[option("a"), option("b")])
EXTERNAL = menu("external_select", min_query_length=0, placeholder=plain("Search"))
CHANNEL = menu("conversations_select", response_url_enabled=True)
GOOD = [
    section(STATIC),
    section(PICTURE),
    section(menu("overflow", options=[option("a")])),
    {"type": "context", "elements": [PICTURE, plain("c")]},
    {**PICTURE, "title": plain("t")},
    *actions(EXTERNAL, CHANNEL, {**STATIC, "initial_option": option("b")}),
]
BAD = {
    "no options": [section(menu("static_select", options=[]))],
    "many options": [section(menu("static_select", options=[option(str(n)) for n in range(101)]))],
    "long overflow": [section(menu("overflow", options=[option(str(n)) for n in range(6)]))],
    "long option": [section(menu("static_select", options=[option("a" * 76)]))],
    "long value": [section(menu("static_select", options=[option("a", value="v" * 151)]))],
    "value twice": [section(menu("static_select", options=[option("a"), option("a")]))],
    "unknown initial": [section({**STATIC, "initial_option": option("c")})],
    "long placeholder": [section({**EXTERNAL, "placeholder": plain("p" * 151)})],
    "options of an external menu": [section({**EXTERNAL, "options": [option("a")]})],
    "picture among actions": actions(PICTURE),
    "picture without words": [section({**PICTURE, "alt_text": ""})],
    "menu in a context": [{"type": "context", "elements": [STATIC]}],
    "overflow in an input": [field(menu("overflow", options=[option("a")]))],
}


def modal(*blocks: dict, **more) -> dict:
    view = {"type": "modal", "title": plain("Title"), "submit": plain("Go"), "callback_id": "w"}
    return view | {"blocks": list(blocks)} | more


def home(*blocks: dict, **more) -> dict:
    return {"type": "home", "blocks": list(blocks)} | more


def test_good_elements_pass():
    assert complaints(GOOD) == []
    assert view_complaints(home(*GOOD), "home") == []


@pytest.mark.parametrize("name", BAD)
def test_bad_elements_are_refused(name):
    assert complaints(BAD[name], "modal")


@pytest.mark.parametrize(
    ("view", "surface"),
    [
        (home(*[section(STATIC)] * 101), "home"),
        (home(section(STATIC), title=plain("t")), "home"),
        (home(section(STATIC), private_metadata="m" * 3001), "home"),
        (home(section(STATIC)), "modal"),
        (modal(title=plain("t" * 25)), "modal"),
        ({k: v for k, v in modal(field(STATIC)).items() if k != "submit"}, "modal"),
    ],
)
def test_bad_views_are_refused(view, surface):
    assert view_complaints(view, surface)


@pytest.fixture
def slack():
    with Workspace() as workspace:
        yield workspace


@pytest.fixture
def client(slack):
    return WebClient(slack.bot_token, base_url=slack.api_url, retry_handlers=[])


@pytest.fixture
def payloads():
    """The payloads that the app heard."""
    return []


@pytest.fixture
def ada(slack, client, payloads):
    """A member, with an app behind the workspace."""
    us = AuthorizeResult(enterprise_id=None, team_id="T0DEMO", bot_token=slack.bot_token)
    app = App(
        client=client,
        authorize=lambda: us,
        request_verification_enabled=False,
        process_before_response=True,
        signing_secret=slack.signing_secret,
    )

    @app.event("app_home_opened")
    def opened(event):
        payloads.append(event)
        client.views_publish(user_id=event["user"], view=home(section(BUTTON)))

    @app.action("go")
    def clicked(ack, body):
        ack()
        payloads.append(body)
        client.views_open(
            trigger_id=body["trigger_id"], view=modal(field(EXTERNAL), field(STATIC, optional=True))
        )

    @app.options("external_select")
    def searched(ack, body):
        payloads.append(body)
        ack(options=[option(f"{body['value']}{n}") for n in range(2)])

    @app.view("w")
    def submitted(ack, body, view):
        payloads.append(body)
        chosen = str(view["state"]["values"])
        if "wrong" in chosen:
            ack(response_action="errors", errors={"f": "no"})
        else:
            ack()

    socket = SocketMode(app, slack.app_token, slack.api_url)
    socket.start()
    slack.sockets.wait()
    yield Person(slack)
    socket.stop()


def word(call, **arguments) -> str:
    with pytest.raises(SlackApiError) as refused:
        call(**arguments)
    return refused.value.response["error"]


def test_home_is_published_for_who_opens_it(ada, slack, payloads, until):
    assert ada.opens_home().status == 200
    until(lambda: ada.user in slack.store.homes)
    ada.opens_home()

    assert "view" not in payloads[0]
    assert payloads[0]["channel"] == f"D{ada.user}"
    assert payloads[1]["view"]["type"] == "home"
    assert list(slack.store.homes) == [ada.user]


def test_publish_and_update_hold_the_hash(ada, slack, client):
    first = client.views_publish(user_id=ada.user, view=home(section(BUTTON)))["view"]
    client.views_publish(user_id=ada.user, view=home(), hash=first["hash"])
    error = word(client.views_publish, user_id=ada.user, view=home(), hash=first["hash"])
    assert error == "hash_conflict"
    assert word(client.views_publish, user_id="U0NONE", view=home()) == "invalid_arguments"
    assert word(client.views_publish, user_id=ada.user, view=modal()) == "invalid_arguments"
    assert word(client.views_update, view_id="V0", view=modal()) == "not_found"


def test_window_is_searched_filled_in_and_submitted(ada, slack, client, payloads):
    client.views_publish(user_id=ada.user, view=home(section(BUTTON)))
    ada.clicks_in(slack.store.homes[ada.user], "Go")
    view = slack.store.views[ada.user]
    found = ada.searches(view, "external_select", "che")
    ada.submits(external_select=found[1], static_select="b")

    clicked, searched, submitted = payloads
    assert clicked["container"] == {"type": "view", "view_id": slack.store.homes[ada.user]["id"]}
    assert searched["view"]["state"] == {"values": {}}
    values = [v for each in submitted["view"]["state"]["values"].values() for v in each.values()]
    assert [v["selected_option"]["value"] for v in values] == ["v-che1", "v-b"]
    assert slack.store.views == {}


def test_update_keeps_what_was_picked(ada, slack, client):
    client.views_open(
        trigger_id=slack.store.triggers.make("t", ada.user), view=modal(field(STATIC, block_id="f"))
    )
    ada.picks("static_select", "v-a")
    view = slack.store.views[ada.user]
    client.views_update(
        view_id=view["id"],
        view=modal(field(STATIC, block_id="f"), private_metadata="new"),
        hash=view["hash"],
    )
    ada.submits()

    assert view["state"]["values"]["f"]["static_select"]["selected_option"] == option("a")


def test_window_with_errors_stays_open(ada, slack, client):
    element = {"type": "plain_text_input", "action_id": "text"}
    client.views_open(
        trigger_id=slack.store.triggers.make("t", ada.user),
        view=modal(field(element, block_id="f")),
    )
    with pytest.raises(LookupError, match="must be filled in"):
        ada.submits()
    ada.submits(text="wrong")
    assert ada.user in slack.store.views

    ada.submits(text="right")
    assert ada.user not in slack.store.views


def test_channel_that_was_chosen_comes_with_a_response_url(ada, slack, client, payloads):
    client.views_open(
        trigger_id=slack.store.triggers.make("t", ada.user), view=modal(field(CHANNEL))
    )
    ada.submits(conversations_select="C0SECRET")

    (url,) = payloads[0]["response_urls"]
    assert url["channel_id"] == "C0SECRET"
    assert url["response_url"].startswith(slack.api_url.removesuffix("/api/"))
