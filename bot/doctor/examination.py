"""All of doctor's checks, in their order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import chain

from slack_sdk import WebClient

from bot.aws.accounts import Accounts
from bot.aws.locate import Location
from bot.aws.simulation import credentials, entered, permitted
from bot.doctor import aws, clock, events, organization, proxy, slack, store
from bot.doctor.model import Check, problem, skipped
from bot.doctor.settings import DoctorSettings
from bot.errors import NoCredentials, SlsdiagError
from bot.observability.tracing import carried
from bot.proxy import proxy_for
from bot.serving_settings import Mode
from bot.slack.condition import Identity, hello, identity, reads
from bot.slack.sender import web_client
from bot.store.condition import arrived, condition
from bot.store.connection import StoreError
from bot.store.embedded import NO_STORE
from bot.store.events import Arrival


@dataclass
class Examination:
    """Of one bot. `channel`: who asks in Slack sees what this channel may see, and no more."""

    settings: DoctorSettings
    accounts: Accounts | None = None
    """One that exists; else made of the settings."""
    channel: str | None = None
    _credentials: bool = False
    _team: str | None = None
    _owner: str | None = None
    """Of the store."""
    _ahead: dict[str, timedelta | None] = field(default_factory=dict)
    _proxies: dict[str, str | None] = field(default_factory=dict)

    def checks(self) -> list[Check]:
        """Everything, at once; within about a minute where nothing answers."""
        if self.settings.bot_token or self.settings.app_token:
            self._proxies["Slack"] = proxy_for(self.settings.api_url)
        parts = (self._slack, self._store, self._aws)
        with ThreadPoolExecutor(len(parts)) as pool:
            pending = [pool.submit(carried(part)) for part in parts]
        checks = [check for future in pending for check in future.result()]
        if self._team and self._owner and self._team != self._owner:
            wrong = store.foreign(self._owner, self._team)
            checks = [wrong if check.check == wrong.check else check for check in checks]
        return [*checks, clock.judged(self._ahead), proxy.judged(self._proxies)]

    def _slack(self) -> list[Check]:
        if self.settings.bot_token is None:
            names = ("slack_token", "slack_scopes", "slack_channels")
            return [
                *(skipped(name, "SLACK_BOT_TOKEN is not set.") for name in names),
                self._socket(),
            ]
        client = web_client(self.settings.bot_token, self.settings.api_url)
        us = identity(client)
        if isinstance(us, Identity):
            self._ahead["Slack"], self._team = us.ahead, us.team_id
        return [slack.token(us), slack.scopes(us), self._channels(client), self._socket()]

    def _channels(self, client: WebClient) -> Check:
        named = [
            channel
            for account in self.settings.aws_settings.accounts.values()
            for channel in account.channels
        ]
        if members := self.settings.aws_settings.organization:
            named += chain.from_iterable((members.channels or {}).values())
        wanted = dict.fromkeys(named) if self.channel is None else [self.channel]
        return slack.channels({channel: reads(client, channel) for channel in wanted})

    def _socket(self) -> Check:
        name = "slack_socket"
        if self.channel is not None:
            return slack.received()
        if self.settings.mode is Mode.HTTP:
            return skipped(name, "SLSDIAG_MODE is http.")
        if self.settings.app_token is None:
            return skipped(name, "SLACK_APP_TOKEN is not set.")
        client = web_client(self.settings.bot_token or "", self.settings.api_url)
        return slack.socket(hello(client, self.settings.app_token))

    def _store(self) -> list[Check]:
        if self.settings.store_url is None:
            return [skipped("store", NO_STORE)]
        try:
            state = condition(self.settings.store_url)
        except (StoreError, OSError, ValueError) as error:
            saw = f"It does not answer ({type(error).__name__})."
            return [
                problem(
                    "store", saw, "Check REDIS_URL, its password and TLS, and the network path."
                )
            ]
        self._ahead["the store"], self._owner = state.ahead, state.owner
        return [*store.judged(state), slack.posts(state.shut_out)]

    def _aws(self) -> list[Check]:
        try:
            accounts = self.accounts or Accounts(self.settings.aws_settings)
            locations = _locations(accounts, self.channel)
        except NoCredentials as error:
            return [problem(f"aws_role:{aws.OWN}", str(error), f"Fix {aws.VARIABLES}.")]
        except SlsdiagError as error:
            why = "No region is set: AWS_REGION." if self.channel is None else str(error)
            return [skipped(f"aws_role:{aws.OWN}", why)]
        self._credentials = credentials(accounts.own)
        first = next((location for some in locations.values() for location in some), None)
        if first:
            self._proxies["AWS"] = first.account.proxy(first.region)
        with ThreadPoolExecutor(max(1, len(locations))) as pool:
            pending = [pool.submit(carried(self._account), *pair) for pair in locations.items()]
            checks = [check for future in pending for check in future.result()]
        more = organization.examined(accounts, self.channel)
        return [*checks, *more, *events.queues(accounts, self.channel, self._arrived(accounts))]

    def _arrived(self, accounts: Accounts) -> Mapping[str, Arrival] | str:
        """What came of events, by place; or why that is not known."""
        if self.settings.store_url is None:
            return NO_STORE
        places = [queue.place for queue in accounts.settings.events]
        try:
            return arrived(self.settings.store_url, places)
        except (StoreError, OSError, ValueError) as error:
            return f"The store does not answer ({type(error).__name__})."

    def _account(self, name: str, locations: Sequence[Location]) -> list[Check]:
        account = locations[0].account
        refused = entered(account, locations[0].region)
        if name == aws.OWN or "AWS" not in self._ahead:
            self._ahead["AWS"] = account.ahead
        opened = aws.role(name, account.id, refused, credentials=self._credentials)
        if refused:
            return [opened, skipped(f"aws_actions:{name}", "The account did not open.")]
        tags = self.settings.aws_settings.owner_tag is not None
        regions = [location.region for location in locations]
        tried = {region: permitted(account, region, tags=tags) for region in regions}
        return [opened, aws.actions(name, tried)]


def _locations(accounts: Accounts, channel: str | None) -> dict[str, list[Location]]:
    """By account's name, without the organization's; raises a SlsdiagError without any region."""
    by_name: dict[str, list[Location]] = {}
    accounts.list_organization()
    for name, region in accounts.account_regions([], [], channel):
        if name and name not in accounts.settings.accounts:
            continue
        by_name.setdefault(name or aws.OWN, []).append(accounts.location(name, region))
    return by_name
