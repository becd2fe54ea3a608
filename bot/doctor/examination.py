"""All of doctor's checks, in their order."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta

from slack_sdk import WebClient

from bot.aws.permitted import credentials, entered, permitted
from bot.aws.places import Place
from bot.doctor import aws, clock, slack, store
from bot.doctor.model import Check, problem, skipped
from bot.doctor.settings import DoctorSettings
from bot.errors import NoCredentials, SlsdiagError
from bot.reach import Reach
from bot.slack.condition import Identity, hello, identity, reads
from bot.slack.manifest import Mode
from bot.slack.sender import web_client
from bot.store.condition import condition
from bot.store.connection import StoreError
from bot.tracing import carried


@dataclass
class Examination:
    """Of one bot. `channel`: who asks in Slack sees what this channel may see, and no more."""

    settings: DoctorSettings
    reach: Reach | None = None
    """One that exists; else made of the settings."""
    channel: str | None = None
    _credentials: bool = False
    _ahead: dict[str, timedelta | None] = field(default_factory=dict)

    def checks(self) -> list[Check]:
        """Everything, at once; within about a minute where nothing answers."""
        parts = (self._slack, self._store, self._aws)
        with ThreadPoolExecutor(len(parts)) as pool:
            found = [pool.submit(carried(part)) for part in parts]
        told = [check for each in found for check in each.result()]
        return [*told, clock.judged(self._ahead)]

    def _slack(self) -> list[Check]:
        if self.settings.bot_token is None:
            names = ("slack_token", "slack_scopes", "slack_channels")
            return [
                *(skipped(name, "SLACK_BOT_TOKEN is not set.") for name in names),
                self._socket(),
            ]
        client = web_client(self.settings.bot_token, self.settings.api_url)
        found = identity(client)
        if isinstance(found, Identity):
            self._ahead["Slack"] = found.ahead
        return [slack.token(found), slack.scopes(found), self._channels(client), self._socket()]

    def _channels(self, client: WebClient) -> Check:
        named = [name for each in self.settings.looking.accounts.values() for name in each.channels]
        wanted = [self.channel] if self.channel else dict.fromkeys(named)
        return slack.channels({each: reads(client, each) for each in wanted})

    def _socket(self) -> Check:
        name = "slack_socket"
        if self.channel:
            return slack.heard()
        if self.settings.mode is Mode.HTTP:
            return skipped(name, "SLSDIAG_MODE is http.")
        if self.settings.app_token is None:
            return skipped(name, "SLACK_APP_TOKEN is not set.")
        client = web_client(self.settings.bot_token or "", self.settings.api_url)
        return slack.socket(hello(client, self.settings.app_token))

    def _store(self) -> list[Check]:
        if self.settings.store_url is None:
            why = "REDIS_URL is not set, and no bot's store runs under SLSDIAG_STATE_DIR."
            return [skipped("store", why)]
        try:
            found = condition(self.settings.store_url)
        except (StoreError, OSError, ValueError) as error:
            saw = f"It does not answer ({type(error).__name__})."
            return [
                problem("store", saw, "Look at REDIS_URL, its password and TLS, and the way there.")
            ]
        self._ahead["the store"] = found.ahead
        return store.judged(found)

    def _aws(self) -> list[Check]:
        try:
            reach = self.reach or Reach(self.settings.looking)
            places = _places(reach, self.channel)
        except NoCredentials as error:
            return [problem(f"aws_role:{aws.OWN}", str(error), f"Mend {aws.VARIABLES}.")]
        except SlsdiagError:
            return [skipped(f"aws_role:{aws.OWN}", "No region is set: AWS_REGION.")]
        self._credentials = credentials(reach.own)
        with ThreadPoolExecutor(max(1, len(places))) as pool:
            found = pool.map(carried(self._account), places.keys(), places.values())
            return [check for each in found for check in each]

    def _account(self, name: str, places: Sequence[Place]) -> list[Check]:
        account = places[0].account
        refused = entered(account, places[0].region)
        if name == aws.OWN or "AWS" not in self._ahead:
            self._ahead["AWS"] = account.ahead
        opened = aws.role(name, account.id, refused, credentials=self._credentials)
        if refused:
            return [opened, skipped(f"aws_actions:{name}", "The account did not open.")]
        tags = self.settings.looking.owner_tag is not None
        tried = {each.region: permitted(account, each.region, tags=tags) for each in places}
        return [opened, aws.actions(name, tried)]


def _places(reach: Reach, channel: str | None) -> dict[str, list[Place]]:
    """By account's name: where looks go; raises a SlsdiagError without any region."""
    found: dict[str, list[Place]] = {}
    for name, region in reach.fleet([], [], channel):
        found.setdefault(name or aws.OWN, []).append(reach.place(name, region))
    return found
