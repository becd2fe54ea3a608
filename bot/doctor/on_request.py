"""`/slsdiag doctor`: only the caller reads the result; one examination at a time."""

from __future__ import annotations

import threading
from uuid import uuid4

import structlog

from bot.aws.accounts import Accounts
from bot.conversation import Conversation
from bot.doctor.examination import Examination
from bot.doctor.model import lines
from bot.doctor.settings import DoctorSettings
from bot.observability.tracing import carried
from bot.slack.blocks import words
from bot.slack.interactions import Replies
from bot.store.connection import StoreError

BEGUN = "Checking myself. The result comes here, for you alone."
FAILED = "I could not check myself: my log says why, under examination_failed."
BUSY = "I am checking myself already: please try again in a minute."

log = structlog.get_logger(__name__)


class OnRequest:
    """Called on the acknowledging path, so it does no more than begin."""

    def __init__(self, settings: DoctorSettings, accounts: Accounts, replies: Replies) -> None:
        """`accounts` and `replies` are the bot's own."""
        self._settings, self._accounts, self._replies = settings, accounts, replies
        self._free = threading.Lock()

    def __call__(self, conversation: Conversation) -> str:
        """Begin; what the caller reads at once."""
        if not self._free.acquire(blocking=False):
            return BUSY
        threading.Thread(target=carried(self._examine), args=(conversation,), daemon=True).start()
        return BEGUN

    def _examine(self, conversation: Conversation) -> None:
        try:
            channel = conversation.channel
            text = lines(Examination(self._settings, self._accounts, channel).checks())
        except Exception:  # whatever it was, a person waits
            log.exception("examination_failed")
            text = [FAILED]
        finally:
            self._free.release()
        body = words("\n".join(text))
        try:
            self._replies(conversation, body, uuid4().hex)
        except StoreError:  # this may be just what is wrong
            self._replies.directly(conversation, body)
