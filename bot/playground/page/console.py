"""The account as its owner sees it: what the page's panel shows, and one way to change it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from bot.playground.account import FakeAws
from bot.playground.account.demo_functions import FILTER, REGION
from bot.playground.account.demo_functions.deployed import ORG_ID, WRAPPER
from bot.playground.account.demo_functions.fake_function import TRAIL
from bot.playground.demo import SETTLE
from bot.playground.page.changes import (
    ACCOUNT_CHANGES,
    DEPLOYMENTS,
    FUNCTION_CHANGES,
    STACK_REGION,
    bed_of,
)

PATIENCE = 15.0
"""Seconds that a deployment waits at most for what the bot is doing."""


class Console:
    """One change at a time."""

    def __init__(self, aws: FakeAws, busy: Callable[[timedelta], bool] = lambda _: False) -> None:
        """Over the running fake; `busy` says whether the bot is at work."""
        self._aws, self._busy = aws, busy
        self._lock = threading.Lock()

    def change(self, what: str, function: str | None) -> str:
        """What was done, in words; LookupError for what does not exist."""
        if what in DEPLOYMENTS:
            self._let_it_finish()
        with self._lock:
            if what in ACCOUNT_CHANGES:
                return ACCOUNT_CHANGES[what].make(self._aws)
            return {**DEPLOYMENTS, **FUNCTION_CHANGES}[what].make(bed_of(self._aws, function or ""))

    def _let_it_finish(self) -> None:
        """As the bot begins to watch it reads what is broken already, which is no news later."""
        ends_at = time.monotonic() + PATIENCE
        while self._busy(timedelta(0)) and time.monotonic() < ends_at:
            time.sleep(0.05)

    def shown(self) -> dict[str, Any]:
        """The state, as JSON values; times in seconds since 1970."""
        names = sorted(self._aws.account().region(REGION).functions)
        return {
            "functions": [self._function(name) for name in names],
            "stacks": [
                {
                    "status": stack.status,
                    "created_at": int(stack.created_at.timestamp()),
                    "deleted_at": stack.deleted_at and int(stack.deleted_at.timestamp()),
                }
                for stack in self._aws.account().region(STACK_REGION).stacks
            ],
            "slow": bool(self._aws.latency),
            "denied": bool(self._aws.faults),
            **self._heard(),
            "function_changes": {key: change.label for key, change in FUNCTION_CHANGES.items()},
            "account_changes": {key: change.label for key, change in ACCOUNT_CHANGES.items()},
        }

    def _heard(self) -> dict[str, Any]:
        """What happens after a deployment."""
        account = self._aws.account()
        after = account.repairs_after
        return {
            "settle": SETTLE,
            "repairs_after": after and after.seconds,
            "trail": account.trail.trails.get(TRAIL, False),
            "deployments": {key: change.label for key, change in DEPLOYMENTS.items()},
        }

    def _function(self, name: str) -> dict[str, Any]:
        bed = bed_of(self._aws, name)
        last = max((at for at, _, _ in bed.group.events), default=None)
        return {
            "name": name,
            "runtime": bed.config.get("Runtime", "container image"),
            "layers": [layer["Arn"].split(":")[6] for layer in bed.config.get("Layers", [])],
            "wrapper": bed.variables.get(WRAPPER),
            "org": bed.variables.get(ORG_ID),
            "filters": len(bed.group.filters),
            "ours": FILTER in bed.group.filters,
            "invoked_at": last and int(last.timestamp()),
        }
