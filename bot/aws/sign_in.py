"""Where AWS's credentials are missing or have expired: what to type, by how the profile signs in."""

from __future__ import annotations

import os
from collections.abc import Mapping
from shlex import quote
from typing import Any

import botocore.session
from botocore.exceptions import BotoCoreError

from bot.text.redaction import redacted

_OFFERED = 3
_VARIABLES = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")
DEFAULT = "default"


def profile_used(environment: Mapping[str, str] = os.environ) -> str | None:
    """The profile that credentials come from, where somebody chose one."""
    if any(environment.get(name) for name in _VARIABLES):
        return None  # they come first
    return environment.get("AWS_PROFILE") or environment.get("AWS_DEFAULT_PROFILE") or None


def next_step(environment: Mapping[str, str] = os.environ) -> str:
    """One sentence that ends with the command to type, or with the variables to set."""
    if any(environment.get(name) for name in _VARIABLES):
        return (
            "The credentials in the AWS_… variables have expired or are incomplete: set them again, "
            "or unset them and set AWS_PROFILE."
        )
    profiles = _profiles()
    chosen = profile_used(environment)
    settings = profiles.get(chosen or DEFAULT)
    if settings is None:
        return _choose(profiles)
    return _by_kind(chosen or DEFAULT, settings)


def _by_kind(profile: str, settings: Mapping[str, Any]) -> str:
    named = redacted(profile)
    option = "" if profile == DEFAULT else f" --profile {quote(named)}"
    if "sso_session" in settings or "sso_start_url" in settings:
        return f"The SSO session of profile {named} has expired: aws sso login{option}"
    if "login_session" in settings:
        export = f'eval "$(aws configure export-credentials{option} --format env)"'
        return (
            f"Sign in to profile {named} and pass its credentials on: aws login{option} && {export}"
        )
    if "credential_process" in settings:
        return (
            f"The credential_process of profile {named} gave no usable credentials. This shows why: "
            f"aws sts get-caller-identity{option}"
        )
    return (
        f"Profile {named} has no usable credentials. This shows why: "
        f"aws sts get-caller-identity{option}"
    )


def _choose(profiles: Mapping[str, Any]) -> str:
    names = [quote(redacted(name)) for name in profiles][:_OFFERED]
    if not names:
        return (
            "There are no usable AWS credentials. Set up a profile: aws configure sso; or set the "
            "AWS_… variables."
        )
    more = f" (or {', '.join(names[1:])})" if names[1:] else ""
    return f"There are no usable AWS credentials. Choose a profile: export AWS_PROFILE={names[0]}{more}"


def _profiles() -> Mapping[str, Mapping[str, Any]]:
    """By name; none where the files cannot be read."""
    try:
        config = botocore.session.Session(profile=DEFAULT).full_config
    except BotoCoreError:
        return {}
    profiles: Mapping[str, Mapping[str, Any]] = config.get("profiles", {})
    return profiles
