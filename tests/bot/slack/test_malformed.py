"""
Signed and malformed: each field of each kind of request replaced or left out, never a 500.

The requests are those that real use sends; a signature proves who sent them, not their shape.
"""

from __future__ import annotations

import json
from copy import deepcopy
from urllib.parse import parse_qsl, urlencode

import pytest

from bot.playground.workspace.delivery import FORM, JSON
from tests.bot.slack.far_off import FAR_OFF

pytestmark = pytest.mark.slow

ODD = (None, 7, "", "x y\u202e", [None], {"x": [{}]})
LEFT_OUT = object()


@pytest.fixture
def mode():
    return "http"


@pytest.fixture
def recorded(slack, monkeypatch):
    """(body, content type) of what Slack sent, as it was sent."""
    found, sends = [], slack.delivery.sends

    def recording(body, kind, headers=None):
        found.append((body, kind))
        return sends(body, kind, headers)

    monkeypatch.setattr(slack.delivery, "sends", recording)
    return found


@pytest.fixture
def requests(ada, slack, recorded, until):
    """One of each kind that people cause, as a document: name → (document, how it is sent)."""
    ada.types("/slsdiag orders")
    (card,) = slack.waits_for(lambda m: "orders is not reporting" in m.text and m.buttons(), 20)
    ada.mentions("help")
    ada.clicks(card, "Check again")
    ada.chooses("diagnose", card)
    ada.opens_home()
    until(lambda: ada.user in slack.store.homes)
    ada.clicks_in(slack.store.homes[ada.user], "Refresh")
    ada.types(f"/slsdiag digest daily {FAR_OFF}")
    ada.clicks(slack.waits_for(lambda m: "Keep it" in m.buttons(), 20)[0], "Keep it")
    slack.waits_for(lambda m: "Kept, as" in m.text)
    ada.types("/slsdiag digest now")
    (digest,) = slack.waits_for(lambda m: "Snooze…" in m.buttons(), 30)
    ada.clicks(digest, "Snooze…")
    slack.waits_for(lambda _: ada.user in slack.store.views)
    ada.submits(what="All with “SDK layer missing”", reason="known", end="for a week")
    return {kind_of(document): (document, sent) for document, sent in map(taken_apart, recorded)}


def taken_apart(request):
    body, kind = request
    if kind != FORM:
        return json.loads(body), lambda document: (json.dumps(document).encode(), kind)
    fields = dict(parse_qsl(body.decode(), keep_blank_values=True))
    if "payload" not in fields:
        return fields, lambda document: (urlencode(document).encode(), kind)
    return json.loads(fields["payload"]), lambda document: (
        urlencode({"payload": json.dumps(document)}).encode(),
        kind,
    )


def kind_of(document):
    event = document.get("event", {}).get("type", "")
    return f"{document.get('type', 'command')} {event}".strip()


def paths(value, before=()):
    """Every place in a document, but for what is within blocks: ours, as Slack sends them back."""
    items = enumerate(value) if isinstance(value, list) else ()
    for key, inner in value.items() if isinstance(value, dict) else items:
        yield (*before, key)
        if key != "blocks":
            yield from paths(inner, (*before, key))


def changed(document, path, odd):
    copy = deepcopy(document)
    *above, last = path
    place = copy
    for key in above:
        place = place[key]
    if odd is LEFT_OUT:
        del place[last]
    else:
        place[last] = odd
    return copy


def mention(**event):
    return json.dumps(
        {
            "type": "event_callback",
            "team_id": "T0DEMO",
            "event_id": "Ev9",
            "event": {"type": "app_mention", "channel": "C0GENERAL", "team": "T0DEMO", **event},
        }
    ).encode()


def test_mention_by_an_incoming_webhook_is_taken_and_ignored(ada, slack, aws, redis):
    webhook = mention(subtype="bot_message", bot_id="B0HOOK", text="<@U0SLSDIAG> orders")

    assert slack.delivery.sends(webhook, JSON).status == 200
    assert slack.delivery.sends(mention(user="", text="<@U0SLSDIAG> orders"), JSON).status == 200
    assert not redis.keys("slsdiag:diagnosis*")
    assert slack.messages == []


@pytest.mark.parametrize("odd", [{"user": {}}, {"user": 7}, {"user": "U0ADA", "channel": ["C"]}])
def test_mention_by_no_user_that_can_be_is_refused(ada, slack, odd):
    assert slack.delivery.sends(mention(text="<@U0SLSDIAG> orders", **odd), JSON).status == 400


def test_no_odd_field_is_our_failure(slack, requests):
    assert len(requests) >= 6, set(requests)
    failed = set()
    for name, (document, sent) in requests.items():
        for path in paths(document):
            for odd in (LEFT_OUT, *ODD):
                status = slack.delivery.sends(*sent(changed(document, path, odd))).status
                if not 200 <= status < 500:
                    failed.add((name, ".".join(map(str, path)), str(odd)[:20], status))

    assert failed == set()
