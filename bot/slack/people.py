"""
What Slack says of people: full member or guest, and who is in a user group.

Asked at the first act of a person and kept a while, because somebody waits for an
acknowledgement meanwhile. Groups are asked for only where SLSDIAG_ROLES names one.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass

import structlog
from cachetools import TTLCache
from slack_sdk.errors import SlackApiError

from bot.slack.watched import Client
from bot.slack.who import Standing, Unseen

KEPT_FOR, UNKNOWN_FOR = 600.0, 30.0
"""Seconds; what was not told is asked again sooner."""
MOST_PEOPLE, MOST_GROUPS = 10_000, 100
PATIENCE = 1
"""Seconds that Slack may take to tell."""
GROUPS_SCOPE = "usergroups:read"

log = structlog.get_logger(__name__)


class People:
    """Of one workspace."""

    def __init__(self, token: str | None, api_url: str) -> None:
        """Asks nothing yet."""
        self._client = Client(token, api_url, timeout=PATIENCE, retry_handlers=[])
        self._lock = threading.Lock()
        self._known: TTLCache[str, Standing] = TTLCache(MOST_PEOPLE, KEPT_FOR)
        self._unknown: TTLCache[str, Standing] = TTLCache(MOST_PEOPLE, UNKNOWN_FOR)
        self._groups: TTLCache[str, frozenset[str]] = TTLCache(MOST_GROUPS, KEPT_FOR)
        self._unseen: TTLCache[str, str] = TTLCache(MOST_GROUPS, UNKNOWN_FOR)

    def standing(self, user: str) -> Standing:
        """Whether `user` is a guest; UNKNOWN when Slack does not say."""
        with self._lock:
            found = self._known.get(user) or self._unknown.get(user)
        if found:
            return found
        found = self._asked(user)
        with self._lock:
            (self._unknown if found is Standing.UNKNOWN else self._known)[user] = found
        return found

    def in_group(self, user: str, group: str) -> bool:
        """Whether `user` is in the user group; raises Unseen with a sentence."""
        with self._lock:
            members, unseen = self._groups.get(group), self._unseen.get(group)
        if members is None and unseen is None:
            try:
                told = self._client.usergroups_users_list(usergroup=group)
                members = frozenset(map(str, told.get("users") or ()))
            except (SlackApiError, OSError) as error:
                unseen = _why(group, error)
            with self._lock:
                if members is None:
                    self._unseen[group] = unseen or ""
                else:
                    self._groups[group] = members
        if members is None:
            raise Unseen(unseen)
        return user in members

    def _asked(self, user: str) -> Standing:
        try:
            found = self._client.users_info(user=user).get("user")
        except (SlackApiError, OSError) as error:
            log.warning("member_not_seen", error=_word(error))
            return Standing.UNKNOWN
        if not isinstance(found, dict) or not isinstance(found.get("is_restricted"), bool):
            return Standing.UNKNOWN
        guest = found["is_restricted"] or found.get("is_ultra_restricted", False)
        return Standing.GUEST if guest or found.get("is_stranger") else Standing.MEMBER


@dataclass(frozen=True)
class Somebody:
    """Who acts, in a place; looked up when it is asked."""

    ours: bool
    user: str
    channel: str
    people: People

    def standing(self) -> Standing:
        """Full member, guest or unknown."""
        return self.people.standing(self.user)

    def in_group(self, group: str) -> bool:
        """Raises Unseen."""
        return self.people.in_group(self.user, group)


def _word(error: SlackApiError | OSError) -> str:
    if isinstance(error, SlackApiError):
        return str(error.response.get("error"))
    return type(error).__name__


def _why(group: str, error: SlackApiError | OSError) -> str:
    log.warning("group_not_seen", group=group, error=_word(error))
    if _word(error) == "missing_scope":
        return (
            f"SLSDIAG_ROLES names the user group {group}, and my app lacks the scope "
            f"{GROUPS_SCOPE} to see who is in it: an admin of the workspace must add it."
        )
    return (
        f"I could not see who is in the user group {group} ({_word(error)}), so I did nothing. "
        "Please try again in a minute."
    )
