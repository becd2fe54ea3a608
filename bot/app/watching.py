"""Watching, plugged together: what of it works in every process."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from bot.app.services import Resources, Services
from bot.jobs.actors import Job
from bot.store.coding import prepare
from bot.store.connection import Redis, now
from bot.store.due import CATCH_UP, DEPLOY, WATCH, Due
from bot.store.events import Events
from bot.watch.baseline import Baseline
from bot.watch.catch_up import CatchUp
from bot.watch.check import Checker
from bot.watch.intake import Intake
from bot.watch.model import Deploy, State, Watch
from bot.watch.poller import Pollers
from bot.watch.repository import Deploys, States, Watches
from bot.watch.work import DeployWork


class Watching:
    """The queues, the catch-up and the checks of deployments; at rest where no queue is set."""

    def __init__(
        self,
        redis: Redis,
        resources: Resources,
        services: Services,
        may_work: Callable[[], bool],
    ) -> None:
        """Costs no round trip."""
        accounts, leases, nudge = resources.accounts, resources.leases, resources.broker.soon
        due, clock = Due(redis), partial(now, redis)
        watches, states, events = Watches(redis), States(redis), Events(redis)
        deploys, settle = Deploys(redis), accounts.settings.watch_settle
        intake = Intake(deploys, events, settle, clock)
        check = Checker(accounts)
        self._deploys = DeployWork(
            deploys, states, watches, due, leases, check, accounts, nudge, clock
        )
        self._catch_up = CatchUp(events, intake, due, leases, accounts, clock)
        self._baseline = Baseline(watches, states, services.scans.runs, due, leases, clock)
        self._pollers = Pollers(accounts, intake, may_work)
        self._finish = due.finish

    @property
    def jobs(self) -> dict[str, Job]:
        """How what is due is done."""
        return {
            DEPLOY: Job(self._deploys.run, self._deploys.give_up),
            CATCH_UP: Job(self._catch_up.run, self._catch_up.give_up),
            WATCH: Job(self._baseline.run, self._finish),
        }

    def start(self) -> None:
        """Listen, and read what was missed meanwhile."""
        prepare(Deploy, State, Watch)
        self._catch_up.begin()
        self._pollers.start()

    def stop(self) -> None:
        """Take nothing more."""
        self._pollers.stop()
