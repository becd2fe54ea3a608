"""What Slack says of the bot → what is well, and what to mend."""

from __future__ import annotations

from collections.abc import Mapping

from bot.doctor.model import Check, ok, problem, skipped, unknown
from bot.slack.condition import Identity, Refused
from bot.slack.manifest import SCOPES

MOST = 10
"""Sockets that Slack allows an app (docs.slack.dev, Socket Mode)."""
TOO_MANY = "too_many_websockets"
OUTSIDE = frozenset({"not_in_channel", "channel_not_found"})
INSTALL = "on Slack's app page, under OAuth & Permissions, and install the app again"


def token(found: Identity | Refused) -> Check:
    """Whether Slack knows the bot's token."""
    name = "slack_token"
    if isinstance(found, Identity):
        return ok(name, f"Slack knows it: {found.user} in {found.team}.")
    if not found.answered:
        return unknown(name, f"Slack could not be reached ({found.why}).", _REACH)
    return problem(
        name,
        f"Slack does not accept SLACK_BOT_TOKEN ({found.why}).",
        "Copy the Bot User OAuth Token anew from Slack's app page, and start the bot again.",
    )


def scopes(found: Identity | Refused) -> Check:
    """Whether the token has what the manifest asks for."""
    name = "slack_scopes"
    if isinstance(found, Refused) or found.scopes is None:
        return unknown(name, "Slack did not say which scopes the token has.")
    lacking = sorted(set(SCOPES) - found.scopes)
    more = sorted(found.scopes - set(SCOPES))
    if lacking:
        return problem(name, f"The token lacks {', '.join(lacking)}.", f"Add them {INSTALL}.")
    besides = f"; not needed: {', '.join(more)}" if more else ""
    return ok(name, f"All {len(SCOPES)} of the manifest{besides}.")


def channels(found: Mapping[str, Refused | None]) -> Check:
    """Whether the bot is where it is expected."""
    name = "slack_channels"
    if not found:
        return skipped(name, "SLSDIAG_ACCOUNTS names no channels.")
    outside = [each for each, refused in found.items() if refused and refused.why in OUTSIDE]
    unseen = {each: refused.why for each, refused in found.items() if refused}
    if outside:
        return problem(
            name,
            f"The bot is not in {', '.join(outside)}.",
            "Type /invite @slsdiag in each: outside, the asker alone gets the report.",
        )
    if unseen:
        told = ", ".join(f"{each} ({why})" for each, why in unseen.items())
        return unknown(name, f"Slack does not say whether the bot is in {told}.")
    return ok(name, f"The bot is in {', '.join(found)}.")


def socket(found: int | Refused) -> Check:
    """Whether Slack speaks on a socket."""
    name = "slack_socket"
    if isinstance(found, Refused):
        if not found.answered:
            return problem(
                name,
                f"No socket to Slack opens, or no hello comes on it ({found.why}).",
                "Let WebSockets out to wss-primary.slack.com, through a proxy if need be.",
            )
        if found.why == TOO_MANY:
            return problem(
                name,
                f"As many sockets are open as Slack allows ({MOST}): the next replica stays deaf.",
                "Run fewer replicas, or HTTP mode.",
            )
        return problem(
            name,
            f"Slack opens no socket for SLACK_APP_TOKEN ({found.why}).",
            "Make an app-level token with connections:write, and switch Socket Mode on.",
        )
    return ok(name, f"A socket opens and Slack says hello; {max(found - 1, 0)} others are open.")


def heard() -> Check:
    """Asked from within Slack."""
    return ok("slack_socket", "What you typed came in.")


_REACH = "Let HTTPS out to slack.com, through a proxy if need be."
