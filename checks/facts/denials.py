"""
Who refused a call, by the words of AWS's message.

IAM ends such a message with the kind of policy that decided: "with an explicit deny in a service
control policy", "because no permissions boundary allows the … action" (IAM User Guide, "Access
denied error messages"; wording of public issue threads, read 2026-11-29). An allow in the caller's
own policies overrides none of them.
"""

from __future__ import annotations

import re
from enum import StrEnum


class DeniedBy(StrEnum):
    """What stands in the way; without one of these, an allow in the caller's policies helps."""

    EXPLICIT_DENY = "explicit deny"
    """In the caller's own policies, or in a kind of policy that the message does not name."""
    SERVICE_CONTROL_POLICY = "service control policy"
    RESOURCE_CONTROL_POLICY = "resource control policy"
    PERMISSIONS_BOUNDARY = "permissions boundary"
    SESSION_POLICY = "session policy"
    ENDPOINT_POLICY = "VPC endpoint policy"
    RESOURCE_POLICY = "resource-based policy"
    TRUST_POLICY = "trust policy"
    """Of a role that cannot be assumed; AWS does not name it."""
    KMS_KEY = "KMS key"


_NAMED = (
    DeniedBy.SERVICE_CONTROL_POLICY,
    DeniedBy.RESOURCE_CONTROL_POLICY,
    DeniedBy.PERMISSIONS_BOUNDARY,
    DeniedBy.SESSION_POLICY,
    DeniedBy.ENDPOINT_POLICY,
    DeniedBy.RESOURCE_POLICY,
)
_POLICY = re.compile(
    rf"(?:explicit deny in an?|\bno) (?P<kind>{'|'.join(map(re.escape, _NAMED))})\b", re.IGNORECASE
)
_KEY = re.compile(r"KMS key (?:does not exist or )?is not allowed|\bkms:\w+\b", re.IGNORECASE)
_KINDS = {kind.lower(): kind for kind in _NAMED}


def denied_by(message: str) -> DeniedBy | None:
    """Of an AccessDenied message; None where the caller's policies merely do not allow it."""
    if named := _POLICY.search(message):
        return _KINDS[named["kind"].lower()]
    if _KEY.search(message):
        return DeniedBy.KMS_KEY
    return DeniedBy.EXPLICIT_DENY if "explicit deny" in message.lower() else None
