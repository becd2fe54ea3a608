"""What doctor checks: the bot's own settings, of which any may be absent."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.serving_settings import Mode, ServingSettings, api_url, serving_mode, store_settings, token
from bot.settings import AwsSettings, read_aws_settings
from bot.store.embedded import running


@dataclass(frozen=True, slots=True)
class DoctorSettings:
    """None: not set. What is set wrongly is a UsageError, as it is for the bot."""

    bot_token: str | None = field(repr=False)
    app_token: str | None = field(repr=False)
    api_url: str
    mode: Mode
    store_url: str | None = field(repr=False)
    """None: REDIS_URL is not set, and no embedded store runs here."""
    aws_settings: AwsSettings


def doctor_settings(environment: Mapping[str, str] = os.environ) -> DoctorSettings:
    """For the command line."""
    return DoctorSettings(
        _token(environment, "SLACK_BOT_TOKEN", "xoxb-"),
        _token(environment, "SLACK_APP_TOKEN", "xapp-"),
        api_url(environment),
        serving_mode(environment),
        running(store_settings(environment)),
        read_aws_settings(environment),
    )


def of_a_bot(serving: ServingSettings, aws_settings: AwsSettings, url: str) -> DoctorSettings:
    """For a bot that runs, over its store at `url`; its own socket is proved by the request."""
    return DoctorSettings(serving.bot_token, None, serving.api_url, serving.mode, url, aws_settings)


def _token(environment: Mapping[str, str], name: str, begins: str) -> str | None:
    return token(environment, name, begins) if environment.get(name, "").strip() else None
