"""
What Slack says of people: full member or guest, and who is in a user group.

Asked at the first act of a person and remembered a while, because somebody waits for an
acknowledgement meanwhile: all that is needed is asked at once, within one deadline, and what
comes later is there for the next act. Groups are asked for only where SLSDIAG_ROLES names one.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, as_completed
from dataclasses import dataclass
from functools import partial

import structlog
from cachetools import TTLCache
from slack_sdk.errors import SlackApiError

from bot.slack import patience
from bot.slack.background import Background
from bot.slack.observed import Client
from bot.slack.roles import Standing, Unseen

REMEMBERED_FOR, UNKNOWN_FOR = 600.0, 30.0
"""Seconds; what Slack did not say is asked again sooner."""
MOST_PEOPLE, MOST_GROUPS = 10_000, 100
TIMEOUT = 3
"""Seconds of one call; nobody waits for all of them."""
THREADS, ROOM = 16, 200
LATE = "no answer in time"
GROUPS_SCOPE = "usergroups:read"

log = structlog.get_logger(__name__)


class People:
    """Of one workspace."""

    def __init__(self, token: str | None, api_url: str) -> None:
        """Asks nothing yet."""
        self._client = Client(token, api_url, timeout=TIMEOUT, retry_handlers=[])
        self._threads = Background("people", THREADS, ROOM)
        self._calls: dict[str, Future[None]] = {}
        self._lock = threading.Lock()
        self._standings: TTLCache[str, Standing] = TTLCache(MOST_PEOPLE, REMEMBERED_FOR)
        self._unknown: TTLCache[str, Standing] = TTLCache(MOST_PEOPLE, UNKNOWN_FOR)
        self._groups: TTLCache[str, frozenset[str]] = TTLCache(MOST_GROUPS, REMEMBERED_FOR)
        self._direct: TTLCache[str, str] = TTLCache(MOST_PEOPLE, REMEMBERED_FOR)
        self._unseen: TTLCache[str, str] = TTLCache(MOST_GROUPS, UNKNOWN_FOR)

    def stop(self) -> None:
        """Ask nothing more."""
        self._threads.stop()

    def standing(self, user: str, groups: Sequence[str]) -> Standing:
        """Whether `user` is a guest; UNKNOWN when Slack does not say. Asks for `groups` as well."""
        for group in groups:
            self._group_asked(group)
        pending = self._person_asked(user)
        late = pending is not None and not _done(pending)
        with self._lock:
            if late:
                self._unknown[user] = Standing.UNKNOWN
            return self._standings.get(user) or self._unknown.get(user) or Standing.UNKNOWN

    def in_any(self, user: str, groups: Sequence[str]) -> bool:
        """Whether `user` is in one of the user groups; raises Unseen with a sentence."""
        pending = {future: group for group in groups if (future := self._group_asked(group))}
        late = set(pending.values())
        try:
            if any(user in self._members(group) for group in groups):
                return True
            for future in as_completed(pending, timeout=patience.left()):
                late.discard(pending[future])
                if user in self._members(pending[future]):
                    return True
        except TimeoutError:
            with self._lock:
                self._unseen.update((group, _why(group, LATE)) for group in late)
        if any(user in self._members(group) for group in groups):
            return True
        with self._lock:
            unseen = [why for group in groups if (why := self._unseen.get(group))]
        if unseen:
            raise Unseen(unseen[-1])
        return False

    def direct(self, user: str) -> str | None:
        """The bot's direct channel with `user`; None when Slack does not say in time."""
        with self._lock:
            channel = self._direct.get(user)
        if not channel:
            _done(self._ask(f"direct with {user}", partial(self._read_direct, user)))
            with self._lock:
                channel = self._direct.get(user)
        return str(channel) if channel else None

    def _read_direct(self, user: str) -> None:
        try:
            channel = self._client.conversations_open(users=user)["channel"]["id"]
        except (SlackApiError, OSError) as error:
            log.warning("direct_channel_not_seen", error=_word(error))
            return
        with self._lock:
            self._direct[user] = str(channel)

    def _members(self, group: str) -> frozenset[str]:
        with self._lock:
            members: frozenset[str] = self._groups.get(group, frozenset())
        return members

    def _person_asked(self, user: str) -> Future[None] | None:
        with self._lock:
            if user in self._standings or user in self._unknown:
                return None
        return self._ask(user, partial(self._read_person, user))

    def _group_asked(self, group: str) -> Future[None] | None:
        with self._lock:
            if group in self._groups or group in self._unseen:
                return None
        return self._ask(group, partial(self._read_group, group))

    def _ask(self, what: str, read: Callable[[], None]) -> Future[None]:
        """Once for all who want to know at the same time; done when the caches hold the answer."""
        with self._lock:
            under_way = self._calls.get(what)
            if under_way:
                return under_way
            future: Future[None] = Future()

            def run() -> None:
                try:
                    read()
                finally:
                    with self._lock:
                        del self._calls[what]
                    future.set_result(None)

            if self._threads.submit(run):
                self._calls[what] = future
        return future

    def _read_person(self, user: str) -> None:
        standing = self._standing(user)
        with self._lock:
            (self._unknown if standing is Standing.UNKNOWN else self._standings)[user] = standing

    def _standing(self, user: str) -> Standing:
        try:
            user_info = self._client.users_info(user=user).get("user")
        except (SlackApiError, OSError) as error:
            log.warning("member_not_seen", error=_word(error))
            return Standing.UNKNOWN
        if not isinstance(user_info, dict) or not isinstance(user_info.get("is_restricted"), bool):
            return Standing.UNKNOWN
        guest = user_info["is_restricted"] or user_info.get("is_ultra_restricted", False)
        return Standing.GUEST if guest or user_info.get("is_stranger") else Standing.MEMBER

    def _read_group(self, group: str) -> None:
        try:
            answer = self._client.usergroups_users_list(usergroup=group)
        except (SlackApiError, OSError) as error:
            with self._lock:
                self._unseen[group] = _why(group, _word(error))
        else:
            with self._lock:
                self._groups[group] = frozenset(map(str, answer.get("users") or ()))
                self._unseen.pop(group, None)


def _done(future: Future[None]) -> bool:
    """Whether it was in time for who waits for an acknowledgement."""
    try:
        future.result(patience.left())
    except TimeoutError:
        return False
    return True


@dataclass(frozen=True)
class Somebody:
    """Who acts, in a conversation; looked up when it is needed."""

    ours: bool
    user: str
    channel: str
    people: People

    def standing(self, groups: Sequence[str]) -> Standing:
        """Full member, guest or unknown."""
        return self.people.standing(self.user, groups)

    def in_any(self, groups: Sequence[str]) -> bool:
        """Raises Unseen."""
        return self.people.in_any(self.user, groups)


def _word(error: SlackApiError | OSError) -> str:
    if isinstance(error, SlackApiError):
        return str(error.response.get("error"))
    return type(error).__name__


def _why(group: str, error: str) -> str:
    log.warning("group_not_seen", group=group, error=error)
    if error == "missing_scope":
        return (
            f"SLSDIAG_ROLES names the user group {group}, and my app lacks the scope "
            f"{GROUPS_SCOPE} to see who is in it: an admin of the workspace must add it."
        )
    return (
        f"I could not see who is in the user group {group} ({error}), so I did nothing. "
        "Please try again in a minute."
    )
