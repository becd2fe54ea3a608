"""A watched account on a real store: events go in at the queue, messages come out of the outbox."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from bot.aws.accounts import Accounts
from bot.playground.account import FakeAws, bus
from bot.playground.account.demo_functions import REGION, FakeFunction, healthy, healthy_account
from bot.playground.account.trail import composed, makers
from bot.settings import read_aws_settings
from bot.store.connection import now, to_ms
from bot.store.due import Due, Leases
from bot.store.events import Events
from bot.store.outbox import Outbox
from bot.watch.catch_up import CatchUp
from bot.watch.check import Checker
from bot.watch.grouping import next_due
from bot.watch.intake import Intake
from bot.watch.model import Kind, State, Watch
from bot.watch.poller import Poller
from bot.watch.repository import Deploys, States, Watches
from bot.watch.service import WatchService
from bot.watch.work import DeployWork

HOME = "123456789012"
PLACE = f"{HOME}/{REGION}"
SETTLE = 60
LAYERS = {"layers": []}


def _an_hour_ago():
    return datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)


@dataclass
class Watched:
    """
    One account and region; its clock is set by hand, and what is due then is done.

    It begins an hour ago: a check goes by the real clock, and finds that Dashboard had its time.
    """

    aws: FakeAws
    redis: object
    at: datetime = field(default_factory=_an_hour_ago)
    hidden_from: set[str] = field(default_factory=set)

    def __post_init__(self):
        account = self.aws.account()
        healthy_account(account, self.at)
        url = bus.watched(account.region(REGION))
        self.accounts = Accounts(
            read_aws_settings(
                {
                    "SLSDIAG_EVENTS": url,
                    "SLSDIAG_WATCH_SETTLE": str(SETTLE),
                }
            ),
            take=lambda *_: 0.0,  # at no rate: the fake account has no quotas here
        )
        due = Due(self.redis)
        self.deploys, self.states = Deploys(self.redis), States(self.redis)
        self.watches, self.events = Watches(self.redis), Events(self.redis)
        self.intake = Intake(self.deploys, self.events, timedelta(seconds=SETTLE), self.now)
        self.work = DeployWork(
            self.deploys,
            self.states,
            self.watches,
            due,
            Leases(due),
            Checker(self.accounts),
            self,
            lambda *_: None,
            self.now,
        )
        self.catch_up = CatchUp(self.events, self.intake, due, Leases(due), self.accounts, self.now)
        (queue,) = self.accounts.settings.events
        self.poller = Poller(queue, self.accounts, self.intake, lambda: True, wait=0)
        self.watch("C1")

    def now(self):
        return self.at

    def refused(self, _):
        return None

    def hidden(self, _, channel):
        return channel in self.hidden_from

    def watch(self, channel, prefix=""):
        self.watches.add(Watch(channel, prefix, "U1", self.at))

    @property
    def account(self):
        return self.aws.account()

    @property
    def queue(self):
        return self.account.region(REGION).queues[bus.NAME]

    def function(self, name, *, reported=True) -> FakeFunction:
        """One that reports, and that the bot has seen so."""
        made = healthy(self.account, name)
        made.group.events.clear()
        made.reports(100)
        made.region.sums.pop((name, ""))
        made.region.invoked(name, made.now - timedelta(minutes=100), 12)
        if reported:
            self.states.begin(PLACE, {name: State(Kind.REPORTING, self.at)})
        return made

    def deploys_of(self, *functions, ago=0, maker=None, bare=True):
        """Somebody changes functions; bare: so that they lose layer and variables."""
        maker = maker or makers.role(HOME, "deploy-prod")
        at = self.at - timedelta(seconds=ago)
        for function in functions:
            if bare:
                function.config["Layers"] = []
                for name in ("AWS_LAMBDA_EXEC_WRAPPER", "SLS_ORG_ID"):
                    function.variables.pop(name, None)
            function.config["LastModified"] = f"{at:%Y-%m-%dT%H:%M:%S}.000+0000"
            bus.record(self.account, composed.updated(function.config, maker, at, LAYERS))

    def repaired(self, function, at, maker=None):
        """By Dashboard, unless somebody else does: with its layer and variables, and invoked."""
        events = list(function.group.events)
        healthy(self.account, function.name)
        function.group.events[:] = events
        function.region.sums.pop((function.name, ""))
        function.config["LastModified"] = f"{at:%Y-%m-%dT%H:%M:%S}.000+0000"
        moment = at + timedelta(seconds=1)
        replace(function, now=moment).log(function.payload(), ago=timedelta(0))
        function.region.invoked(function.name, moment, 1)
        made = composed.updated(function.config, maker or makers.dashboard(HOME), at, LAYERS)
        bus.record(self.account, made)

    def polls(self):
        """All that is in the queue."""
        while self.queue.depth[0]:
            assert self.poller.poll() is None

    def runs(self, seconds=0):
        """So much later, everything that is due then is done, until nothing is."""
        self.at += timedelta(seconds=seconds)
        for _ in range(20):
            due = [each for each in self.all() if self._is_due(each)]
            if not due:
                return
            for deploy in due:
                self.redis.zadd("slsdiag:due", {f"deploy:{deploy.id}": to_ms(now(self.redis))})
                self.work.run(deploy.id)
        raise AssertionError("it is always due")

    def _is_due(self, deploy):
        at = next_due(deploy)
        return at is not None and at <= self.at

    @property
    def service(self):
        """What people do in channels."""
        queues, due = self.accounts.settings.events, Due(self.redis)
        return WatchService(
            self.watches,
            self.events,
            self.deploys,
            due,
            queues,
            self.hidden,
            lambda *_: None,
            self.now,
        )

    def woken(self):
        """What another one made due now is done."""
        for deploy in self.all():
            at = self.redis.zscore("slsdiag:due", f"deploy:{deploy.id}")
            if at is not None and at > to_ms(datetime.now(UTC) - timedelta(seconds=30)):
                self.work.run(deploy.id)

    def all(self):
        names = self.redis.scan_iter("slsdiag:deploy:*")
        found = [self.deploys.load(name.rpartition(":")[2]) for name in names]
        return sorted((deploy for deploy in found if deploy), key=lambda it: it.first_at)

    def posted(self, channel="C1"):
        """Keys of first messages in a channel."""
        keys = [key.partition(":entry:")[2] for key in self.redis.scan_iter("slsdiag:entry:*")]
        return sorted(key for key in keys if key.endswith(f":{channel}"))

    def edits(self, channel="C1"):
        keys = [key.partition(":entry:")[2] for key in self.redis.scan_iter("slsdiag:entry:*")]
        return sorted(
            (key for key in keys if f":{channel}:edit-" in key),
            key=lambda key: int(key.rpartition("-")[2]),
        )

    def shown(self, key):
        body = Outbox(self.redis).load(key).body
        return f"{body['text']} {body['blocks']}"

    def newest(self, channel="C1"):
        """What the message shows now."""
        return self.shown([*self.posted(channel), *self.edits(channel)][-1])


def catches_up(watched):
    """The event history is read, whatever the time."""
    watched.redis.zadd("slsdiag:due", {f"catch_up:{PLACE}": to_ms(now(watched.redis))})
    watched.catch_up.run(PLACE)
