"""`/slsdiag doctor`: told to the caller alone, once it is known; one examination at a time."""

from __future__ import annotations

import threading

import structlog
from slack_sdk import WebClient

from bot.diagnosis.model import Place
from bot.doctor.examination import Examination
from bot.doctor.model import lines
from bot.doctor.settings import DoctorSettings
from bot.reach import Reach
from bot.render import card
from bot.render.blocks import words
from bot.slack.presses import tell
from bot.slack.response_url import respond
from bot.tracing import carried

BEGUN = f"{card.LOOKING_AT}myself…"
FAILED = "I could not look at myself: my log says why, under examination_failed."
BUSY = "I am looking at myself already: please ask again in a minute."

log = structlog.get_logger(__name__)


class OnRequest:
    """Called on the acknowledging path, so it does no more than begin."""

    def __init__(self, settings: DoctorSettings, reach: Reach, client: WebClient) -> None:
        """`reach` and `client` are the bot's own."""
        self._settings, self._reach, self._client = settings, reach, client
        self._free = threading.Lock()

    def __call__(self, place: Place) -> str:
        """Begin; what the caller is told at once."""
        if not self._free.acquire(blocking=False):
            return BUSY
        threading.Thread(target=carried(self._examine), args=(place,), daemon=True).start()
        return BEGUN

    def _examine(self, place: Place) -> None:
        try:
            found = lines(Examination(self._settings, self._reach, place.channel).checks())
        except Exception:  # whatever it was, a person waits
            log.exception("examination_failed")
            found = [FAILED]
        finally:
            self._free.release()
        said = words("\n".join(found))
        if place.response_url:
            respond(place.response_url, said, self._settings.api_url)
        else:
            tell(self._client, place, said)
