"""
CloudTrail's userIdentity → who it was, without anything that names a person.

A session's name is often an e-mail address, and so may be an IAM user's. Sources: AWS CloudTrail User Guide,
"userIdentity element"; events in public repositories. No real account was ever read.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from bot.aws.texts import identifier
from bot.aws.trail.event import Identity
from checks.change import Actor

DASHBOARD_ROLE = "ServerlessRole"
_PERMISSION_SET = re.compile(r"AWSReservedSSO_(?P<name>.+)_[0-9a-f]{8,}")
_ROLE_OF_SESSION = re.compile(r"arn:[\w-]+:(?:sts|iam)::\d*:(?:assumed-role|role)/(?P<path>.+)")
_WORDS = {
    "Root": "the root user",
    "AWSService": "an AWS service",
    "AWSAccount": "another AWS account",
    "FederatedUser": "a federated user",
    "SAMLUser": "a federated user",
    "WebIdentityUser": "a federated user",
    "Directory": "a directory user",
    "IdentityCenterUser": "an IAM Identity Center user",
}
_UNNAMED = "an identity that CloudTrail does not name"
_SOME_USER, _SOME_ROLE = "an IAM user", "a role"


def identity_of(raw: Mapping[str, Any], *, users: bool) -> Identity:
    """Who it was; `users`: whether an IAM user may be named."""
    kind = str(raw.get("type") or "")
    if kind == "IAMUser":
        return _user(raw, users=users)
    role = role_of(raw)
    if role is None:
        return Identity(Actor.OTHER, _WORDS.get(kind, _UNNAMED))
    if found := _PERMISSION_SET.fullmatch(role):
        return _named(Actor.PERMISSION_SET, found["name"], "a permission set")
    return _named(Actor.ROLE, role, _SOME_ROLE)


def role_of(raw: Mapping[str, Any]) -> str | None:
    """The name of the role whose session it was; None where it was none."""
    if raw.get("type") not in {"AssumedRole", "Role"}:
        return None
    issuer = _issuer(raw)
    if issuer.get("type") in {None, "Role"} and issuer.get("userName"):
        return str(issuer["userName"])
    found = _ROLE_OF_SESSION.fullmatch(str(raw.get("arn") or ""))
    if not found:
        return None
    # Of a session the role comes first; its name, which is private, last.
    parts = found["path"].split("/")
    return parts[0] if ":assumed-role/" in str(raw["arn"]) else parts[-1]


def session_name(raw: Mapping[str, Any]) -> str:
    """What the session was called; private, so only to be compared here."""
    return str(raw.get("arn") or "").rpartition("/")[2]


def session_of(raw: Mapping[str, Any]) -> Mapping[str, Any]:
    """Its sessionContext, which may be absent."""
    found = raw.get("sessionContext")
    return found if isinstance(found, Mapping) else {}


def _issuer(raw: Mapping[str, Any]) -> Mapping[str, Any]:
    found = session_of(raw).get("sessionIssuer")
    return found if isinstance(found, Mapping) else {}


def _user(raw: Mapping[str, Any], *, users: bool) -> Identity:
    name = str(raw.get("userName") or "")
    if not users or not name:
        return Identity(Actor.OTHER, _SOME_USER)
    return _named(Actor.USER, name, _SOME_USER)


def _named(actor: Actor, name: str, otherwise: str) -> Identity:
    """A name may hold an @; then it may be somebody's address."""
    if "@" in name:
        return Identity(Actor.OTHER, otherwise)
    return Identity(actor, identifier(name))
