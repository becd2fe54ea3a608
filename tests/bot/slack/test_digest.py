"""Digests as people live them: the real bot, by Socket Mode, on a real store and a fake account."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.playground.account.patients import REGION, healthy
from bot.playground.workspace import Person
from bot.playground.workspace.messages import GENERAL

pytestmark = pytest.mark.parametrize("mode", ["socket"], indirect=True)
DAILY = "/slsdiag digest daily 09:00 Europe/Berlin"


def text_of(message):
    return f"{message.text} {message.blocks}"


@pytest.fixture
def previewed(ada, slack):
    """Type a digest; its preview."""

    def wait(text=DAILY, who=ada):
        heard = who.types(text)
        assert heard.text == "Here comes a preview, for you alone…"
        return slack.waits_for(lambda m: "Keep it" in m.buttons() and m.seen_by == who.user)[-1]

    return wait


@pytest.fixture
def kept(ada, slack, previewed):
    """Keep a digest; its id."""

    def keep(text=DAILY):
        ada.presses(previewed(text), "Keep it")
        said = slack.waits_for(lambda m: m.seen_by == ada.user and m.text.startswith("Kept, as"))
        return said[-1].text.split()[2].rstrip(".")

    return keep


@pytest.fixture
def posted(slack):
    """The digests in the channel, as soon as there are so many."""

    def wait(count, timeout=30):
        def found():
            return [
                m
                for m in slack.public(GENERAL)
                if m.thread_ts is None and m.text.startswith("Digest")
            ]

        slack.waits_for(lambda _: len(found()) >= count, timeout)
        return found()

    return wait


def test_digest_from_chat(ada, aws, slack, kept, posted):
    id_ = kept()
    ada.types("/slsdiag digest now")
    (digest,) = posted(1)
    names = slack.waits_for(lambda m: m.thread_ts == digest.ts)
    print(digest.text)
    for b in digest.blocks: print(b)
    for n in names:
        print(n.blocks)
    for m in slack.messages: print(m.seen_by, m.text, m.blocks)
    assert 0
