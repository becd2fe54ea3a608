"""The fake Slack refuses what Slack refuses."""

from __future__ import annotations

from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.playground.workspace import Person, Workspace
from bot.playground.workspace.blocks import complaints


@pytest.fixture
def slack():
    with Workspace() as workspace:
        yield workspace


@pytest.fixture
def client(slack):
    return WebClient(slack.bot_token, base_url=slack.api_url, retry_handlers=[])


def word(call, **arguments) -> str:
    with pytest.raises(SlackApiError) as refused:
        call(**arguments)
    return refused.value.response["error"]


def plain(text: str) -> dict:
    return {"type": "plain_text", "text": text}


def button(**more) -> dict:
    return {"type": "button", "text": plain("Go"), "action_id": "go", "value": "1"} | more


def section(text: str = "said", **more) -> dict:
    return {"type": "section", "text": plain(text)} | more


GOOD = [
    {"type": "header", "text": plain("h")},
    section(),
    section(fields=[plain("a")]),
    {"type": "section", "text": {"type": "mrkdwn", "text": "*a*"}, "accessory": button()},
    {"type": "divider"},
    {"type": "context", "elements": [plain("c")]},
    {"type": "actions", "elements": [button()], "block_id": "b"},
]
BAD = {
    "unknown type": [{"type": "sektion"}],
    "unknown property": [section(colour="red")],
    "mrkdwn in a header": [{"type": "header", "text": {"type": "mrkdwn", "text": "h"}}],
    "long header": [{"type": "header", "text": plain("h" * 151)}],
    "long section": [section("s" * 3001)],
    "empty text": [section("")],
    "many fields": [section(fields=[plain("a")] * 11)],
    "no elements": [{"type": "actions", "elements": []}],
    "many elements": [
        {"type": "actions", "elements": [button(action_id=str(n)) for n in range(26)]}
    ],
    "button in a context": [{"type": "context", "elements": [button()]}],
    "long label": [{"type": "actions", "elements": [button(text=plain("b" * 76))]}],
    "long value": [{"type": "actions", "elements": [button(value="v" * 2001)]}],
    "unknown style": [{"type": "actions", "elements": [button(style="red")]}],
    "action id twice": [{"type": "actions", "elements": [button(), button()]}],
    "block id twice": [section(block_id="b"), section(block_id="b")],
    "many blocks": [section()] * 51,
    "long message": [section("s" * 2900) for _ in range(5)],
    "no list": {"type": "section"},
}


def test_good_blocks_pass():
    assert complaints(GOOD) == []


@pytest.mark.parametrize("name", BAD)
def test_bad_blocks_are_refused(name):
    assert complaints(BAD[name])


def test_posting_is_for_members(slack, client):
    assert client.chat_postMessage(channel="C0GENERAL", text="hello")["ok"]
    assert word(client.chat_postMessage, channel="C0SECRET", text="a") == "not_in_channel"
    assert word(client.chat_postMessage, channel="C0NONE", text="a") == "channel_not_found"
    error = word(client.api_call, api_method="chat.postMessage", data={"channel": "C0GENERAL"})
    assert error == "no_text"
    slack.store.channel("C0OWN", "own", private=True)
    assert word(client.chat_postMessage, channel="C0OWN", text="a") == "channel_not_found"
    slack.store.channels["C0GENERAL"].archived = True
    assert word(client.chat_postMessage, channel="C0GENERAL", text="a") == "is_archived"


def test_messages_are_checked(slack, client):
    post = client.chat_postMessage
    assert word(post, channel="C0GENERAL", text="a", blocks=BAD["long label"]) == "invalid_blocks"
    assert (
        word(post, channel="C0GENERAL", text="a", blocks=BAD["long message"])
        == "msg_blocks_too_long"
    )
    assert word(post, channel="C0GENERAL", text="a", thread_ts="1.1") == "invalid_thread_ts"
    assert word(client.chat_update, channel="C0GENERAL", ts="1.1", text="a") == "message_not_found"


def test_ephemeral_is_for_members_and_in_no_history(slack, client):
    Person(slack)
    client.chat_postEphemeral(channel="C0GENERAL", user="U0ADA", text="psst")

    assert client.conversations_history(channel="C0GENERAL")["messages"] == []
    error = word(client.chat_postEphemeral, channel="C0GENERAL", user="U0NONE", text="psst")
    assert error == "user_not_in_channel"


def test_history_tells_metadata_only_when_asked(client):
    metadata = {"event_type": "t", "event_payload": {"key": "k"}}
    client.chat_postMessage(channel="C0GENERAL", text="a", metadata=metadata)

    def first(**more) -> dict:
        return client.conversations_history(channel="C0GENERAL", **more)["messages"][0]

    assert "metadata" not in first()
    assert first(include_all_metadata=True)["metadata"] == metadata


def test_history_lags(slack, client):
    slack.store.lag = 1_000.0
    client.chat_postMessage(channel="C0GENERAL", text="a")

    assert client.conversations_history(channel="C0GENERAL")["messages"] == []


def test_scopes_are_held():
    with Workspace(scopes=("chat:write",)) as slack:
        client = WebClient(slack.bot_token, base_url=slack.api_url)
        client.chat_postMessage(channel="C0GENERAL", text="a")
        assert word(client.conversations_history, channel="C0GENERAL") == "missing_scope"
        assert word(client.users_info, user="U0ADA") == "missing_scope"


def test_file_is_taken_once_and_shared_once(slack, client):
    def post(url: str, content: bytes) -> int:
        try:
            return urlopen(Request(url, content)).status  # noqa: S310 - on this machine
        except HTTPError as error:
            return error.code

    def complete(id_: str, channel: str = "C0GENERAL") -> dict:
        return {"files": [{"id": id_}], "channel_id": channel, "initial_comment": "a file"}

    share = client.files_completeUploadExternal
    given = [client.files_getUploadURLExternal(filename="a.zip", length=3) for _ in range(2)]
    (url, id_), (other, other_id) = ((one["upload_url"], one["file_id"]) for one in given)
    assert word(share, **complete(id_)) == "file_not_found"
    assert [post(url, b"abc"), post(url, b"abc"), post(other, b"ab")] == [200, 404, 400]
    assert word(share, **complete("F999")) == "file_not_found"
    assert word(share, **complete(other_id)) == "file_not_found"
    assert word(share, **complete(id_, "C0SECRET")) == "not_in_channel"
    assert word(share, **complete(id_), thread_ts="1.0") == "invalid_thread_ts"
    share(**complete(id_))
    assert word(share, **complete(id_)) == "file_not_found"
    (message,) = client.conversations_history(channel="C0GENERAL")["messages"]
    assert [file["id"] for file in message["files"]] == [id_]


def test_file_takes_a_scope():
    with Workspace(scopes=("chat:write",)) as slack:
        client = WebClient(slack.bot_token, base_url=slack.api_url)
        begin = client.files_getUploadURLExternal
        assert word(begin, filename="a", length=1) == "missing_scope"


def test_tokens_are_held(slack):
    def tried(token: str, method: str) -> str:
        client = WebClient(token, base_url=slack.api_url)
        return word(client.api_call, api_method=method)

    assert tried("xoxb-wrong", "auth.test") == "invalid_auth"
    assert tried(slack.bot_token, "apps.connections.open") == "not_allowed_token_type"
    assert tried(slack.bot_token, "chat.shout") == "unknown_method"


def test_limits_name_when_to_come_again(slack, client):
    slack.limits.on = True
    for _ in range(4):
        client.chat_postMessage(channel="C0GENERAL", text="a")

    with pytest.raises(SlackApiError) as refused:
        client.chat_postMessage(channel="C0GENERAL", text="a")
    assert refused.value.response.status_code == 429
    assert 1 <= int(refused.value.response.headers["Retry-After"]) <= 5


def test_response_url_is_used_up_after_five(slack):
    from urllib.error import HTTPError
    from urllib.request import Request, urlopen

    url = slack.response_url("C0GENERAL", "U0ADA")

    def answer() -> None:
        headers = {"Content-Type": "application/json"}
        urlopen(Request(url, b'{"text": "a"}', headers)).close()  # noqa: S310 - our own

    for _ in range(5):
        answer()
    with pytest.raises(HTTPError) as refused:
        answer()
    refused.value.close()
    assert refused.value.code == 404
    assert [m.seen_by for m in slack.messages] == ["U0ADA"] * 5
