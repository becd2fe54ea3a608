"""
A stage for benchmarks: the fakes in this process, the bot in processes that may be killed.

Replicas share an embedded store; each is `slsdiag serve`, or the same through crash.py.
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.request import urlopen

from bot.playground.account import FakeAws
from bot.playground.account.demo_functions import healthy, healthy_account
from bot.playground.workspace import Workspace
from bot.store.connection import connect
from bot.store.embedded import Embedded

SERVE = ("-c", "import sys; from bot.cli import main; sys.exit(main())", "serve")
PATIENT = 60.0
"""Seconds that a benchmark waits for an answer of the store: it is no part of what is measured."""
EXTERNAL_ID = "of-the-stage"
CRASHING = (str(Path(__file__).with_name("crash.py")),)


@dataclass
class Replica:
    """One process of the bot."""

    environment: dict[str, str]
    log: Path
    arguments: tuple[str, ...] = SERVE
    process: subprocess.Popen[bytes] | None = None
    starts: int = 0

    def start(self, **more: str) -> None:
        """Begin, without waiting."""
        self.starts += 1
        with self.log.open("ab") as file:
            self.process = subprocess.Popen(
                [sys.executable, *self.arguments], env=self.environment | more, stderr=file
            )

    def kill(self) -> None:
        """As a machine that fails would."""
        if self.process:
            self.process.kill()
            self.process.wait()

    def signal(self, number: signal.Signals) -> None:
        """Send it one."""
        if self.process:
            self.process.send_signal(number)

    @property
    def dead(self) -> bool:
        """It does not run."""
        return self.process is None or self.process.poll() is not None

    def ready(self, limit: float = 60.0) -> float:
        """Wait for its line; the seconds it took."""
        began = time.monotonic()
        while self.health_port() is None:
            if self.dead or time.monotonic() - began > limit:
                raise TimeoutError(f"a replica did not start: {self.log.read_text()[-2000:]}")
            time.sleep(0.02)
        return time.monotonic() - began

    def health_port(self) -> int | None:
        """Of its last start."""
        ports = re.findall(r"health on port (\d+)", self.log.read_text())
        return int(ports[-1]) if len(ports) >= self.starts else None

    def buckets(self, name: str) -> dict[float, float]:
        """A histogram's cumulative counts by their upper bound."""
        with urlopen(f"http://127.0.0.1:{self.health_port()}/metrics") as answer:
            text = answer.read().decode()
        found = re.findall(rf'^{name}_bucket{{le="([^"]+)"}} (\S+)$', text, re.MULTILINE)
        return {float(bound): float(count) for bound, count in found}


class Stage:
    """A context manager: fakes, store, and as many replicas as are started."""

    def __init__(self, seed: int, accounts: int, functions: int) -> None:
        """So many accounts, named a0, a1, …, with so many healthy functions each."""
        self.aws = FakeAws(seed=seed)
        self.slack = Workspace(seed=seed)
        self.names = [f"a{n}" for n in range(accounts)]
        self.functions = [f"f{n}" for n in range(functions)]
        self._folder = tempfile.TemporaryDirectory()
        self.state = Path(self._folder.name)
        self.store = Embedded(self.state)
        self.replicas: list[Replica] = []

    def account_id(self, name: str) -> str:
        """Of the account of that name."""
        return f"{100_000_000_000 + int(name[1:])}"

    def __enter__(self) -> Self:
        """Start the fakes and the store."""
        self.aws.__enter__()
        self.slack.__enter__()
        self.store.start()
        self.redis = connect(self.store.url, answer_limit=PATIENT)
        for name in self.names:
            account = self.aws.account(self.account_id(name))
            account.trust("slsdiag", EXTERNAL_ID)
            for function in self.functions:
                bed = healthy(account, function)
            healthy_account(account, bed.now)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End everything."""
        for replica in self.replicas:
            if not replica.dead:
                replica.signal(signal.SIGCONT)
                replica.kill()
        self.redis.close()
        self.store.stop()
        self.slack.__exit__(kind, error, trace)
        self.aws.__exit__(kind, error, trace)
        self._folder.cleanup()

    def value(self, key: str) -> object:
        """What the store holds there."""
        match self.redis.type(key):
            case "hash":
                return self.redis.hgetall(key)
            case "zset":
                return self.redis.zrange(key, 0, -1, withscores=True)
            case "list":
                return self.redis.lrange(key, 0, -1)
            case "set":
                return sorted(self.redis.smembers(key))
        return self.redis.get(key)

    def replica(self, arguments: tuple[str, ...] = SERVE, **more: str) -> Replica:
        """One more; not started yet."""
        role = "arn:aws:iam::{}:role/slsdiag"
        accounts = {
            n: {"role_arn": role.format(self.account_id(n)), "external_id": EXTERNAL_ID}
            for n in self.names
        }
        environment = {
            name: value for name, value in os.environ.items() if not name.startswith("AWS_")
        } | {
            "AWS_ENDPOINT_URL": self.aws.url,
            "AWS_REGION": "eu-west-1",
            "AWS_ACCESS_KEY_ID": "demo",
            "AWS_SECRET_ACCESS_KEY": "demo",
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "SLACK_BOT_TOKEN": self.slack.bot_token,
            "SLACK_APP_TOKEN": self.slack.app_token,
            "SLACK_API_URL": self.slack.api_url,
            "SLSDIAG_STATE_DIR": str(self.state),
            "SLSDIAG_ADMIN_PORT": "0",
            "SLSDIAG_AWS_RATE": "1",
            "SLSDIAG_ACCOUNTS": json.dumps(accounts),
            "SLSDIAG_LOG_LEVEL": "ERROR",
            "PYTHONPATH": str(Path(__file__).parent.parent),
        }
        log = self.state / f"replica{len(self.replicas)}.log"
        log.touch()
        made = Replica(environment | more, log, arguments)
        self.replicas.append(made)
        return made
