"""What Slack says of the bot → what is fine, and what to fix."""

from __future__ import annotations

from collections.abc import Mapping

from bot.doctor.model import Check, ok, problem, skipped, unknown
from bot.slack.condition import Identity, Refused
from bot.slack.manifest import OPTIONAL, SCOPES

MOST = 10
"""Sockets that Slack allows an app (docs.slack.dev, Socket Mode)."""
TOO_MANY = "too_many_websockets"
OUTSIDE = frozenset({"not_in_channel", "channel_not_found"})
SHARING = ("channels:read", "groups:read")
LEARNS_LATE = (
    "Without {} (optional) the bot learns that a channel is shared with another organization only "
    "from a mention there, or from somebody of that organization."
)
INSTALL = "on Slack's app page, under OAuth & Permissions, and install the app again"


def token(us: Identity | Refused) -> Check:
    """Whether Slack knows the bot's token."""
    name = "slack_token"
    if isinstance(us, Identity):
        return ok(name, f"Slack knows it: {us.user} in {us.team}.")
    if not us.answered:
        return unknown(name, f"Slack could not be reached ({us.why}).", _LET_OUT)
    return problem(
        name,
        f"Slack does not accept SLACK_BOT_TOKEN ({us.why}).",
        "Copy the Bot User OAuth Token from Slack's app page again, and restart the bot.",
    )


def scopes(us: Identity | Refused) -> Check:
    """Whether the token has what the manifest asks for."""
    name = "slack_scopes"
    if isinstance(us, Refused) or us.scopes is None:
        return unknown(name, "Slack did not say which scopes the token has.")
    missing = sorted(set(SCOPES) - us.scopes)
    more = sorted(us.scopes - {*SCOPES, *OPTIONAL})
    optional = [scope for scope in SHARING if scope not in us.scopes]
    if missing:
        return problem(name, f"Missing scopes: {', '.join(missing)}.", f"Add them {INSTALL}.")
    besides = f"; not needed: {', '.join(more)}" if more else ""
    late = f" {LEARNS_LATE.format(' and '.join(optional))}" if optional else ""
    return ok(name, f"All {len(SCOPES)} of the manifest{besides}.{late}")


def channels(refusals: Mapping[str, Refused | None]) -> Check:
    """Whether the bot is where it is expected."""
    name = "slack_channels"
    if not refusals:
        return skipped(name, "No setting names channels that may see an account.")
    refused = {channel: why for channel, why in refusals.items() if why}
    outside = [channel for channel, why in refused.items() if why.why in OUTSIDE]
    unseen = {channel: why.why for channel, why in refused.items()}
    if outside:
        return problem(
            name,
            f"The bot is not in {', '.join(outside)}.",
            "Type /invite @slsdiag in each: elsewhere only the person who asked gets the report.",
        )
    if unseen:
        named = ", ".join(f"{channel} ({why})" for channel, why in unseen.items())
        return unknown(name, f"Slack does not say whether the bot is in {named}.")
    return ok(name, f"The bot is in {', '.join(refusals)}.")


def posts(shut_out_by: str | None) -> Check:
    """Whether Slack takes the bot's messages, as far as a bot tried lately."""
    name = "slack_posts"
    if shut_out_by:
        return problem(
            name,
            f"Slack lets the app post nothing ({shut_out_by}). The messages are stored, and are "
            "sent when it does again.",
            "Ask an admin of the workspace: the app's approval, scopes and network limits decide.",
        )
    return ok(name, "Slack refused no message for the app's sake lately.")


def socket(sockets: int | Refused) -> Check:
    """Whether Slack speaks on a socket."""
    name = "slack_socket"
    if isinstance(sockets, Refused):
        if not sockets.answered:
            return problem(
                name,
                f"No socket to Slack opens, or no hello comes on it ({sockets.why}).",
                "Let WebSockets out to wss-primary.slack.com, through a proxy if need be.",
            )
        if sockets.why == TOO_MANY:
            return problem(
                name,
                f"As many sockets are open as Slack allows ({MOST}): the next replica hears nothing.",
                "Run fewer replicas, or HTTP mode.",
            )
        return problem(
            name,
            f"Slack opens no socket for SLACK_APP_TOKEN ({sockets.why}).",
            "Make an app-level token with connections:write, and switch Socket Mode on.",
        )
    return ok(name, f"A socket opens and Slack says hello; {_others(max(sockets - 1, 0))} open.")


def _others(count: int) -> str:
    return "1 other is" if count == 1 else f"{count} others are"


def received() -> Check:
    """Requested from within Slack."""
    return ok("slack_socket", "What you typed came in.")


_LET_OUT = "Let HTTPS out to slack.com, through a proxy if need be."
