"""Redis servers of their own, and what happens to them: failover, a full memory, a cut line."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import threading
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from bot.store.connection import Redis, StoreError, connect
from bot.store.valkey import binary

STARTS_WITHIN = 10.0
"""Seconds."""


def free_port() -> int:
    """A TCP port of this machine that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


class Server:
    """A Valkey on a port of its own; `with Server(folder, appendonly="no") as server:`."""

    def __init__(
        self, folder: Path, environment: dict[str, str] | None = None, /, **options: str
    ) -> None:
        """`options` as in its configuration, with "_" for "-"."""
        self.folder, self.port = folder, free_port()
        self._options, self._environment = options, environment or {}
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"redis://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Run it, and wait until it answers."""
        self.folder.mkdir(parents=True, exist_ok=True)
        chosen = {
            "port": str(self.port),
            "dir": str(self.folder),
            "save": "",
            "repl-diskless-sync-delay": "0",  # else a first replica waits 5 s for a second one
            **self._options,
        }
        words = [w for k, v in chosen.items() for w in (f"--{k.replace('_', '-')}", v)]
        self._process = subprocess.Popen(  # noqa: S603 - our own binary and options
            [binary(), "--bind", "127.0.0.1", *words],
            stdout=subprocess.DEVNULL,
            env=os.environ | self._environment,
        )
        deadline = time.monotonic() + STARTS_WITHIN
        while not self._answers():
            if time.monotonic() > deadline:
                raise TimeoutError("the server did not start")
            time.sleep(0.02)

    def kill(self) -> None:
        """As a machine that fails would."""
        if self._process:
            self._process.kill()
            self._process.wait()

    def signal(self, number: signal.Signals) -> None:
        """Send it one: SIGSTOP freezes it."""
        if self._process:
            self._process.send_signal(number)

    def client(self) -> Redis:
        """To inspect it from outside."""
        return connect(self.url)

    def follow(self, primary: Server | None) -> None:
        """Become a replica of `primary`, or a primary."""
        with self.client() as redis:
            if primary:
                redis.execute_command("REPLICAOF", "127.0.0.1", primary.port)
            else:
                redis.execute_command("REPLICAOF", "NO", "ONE")

    def synced(self) -> bool:
        """Whether it is a replica that has all of its primary's data."""
        with self.client() as redis:
            info = redis.info("replication")
        return bool(info["role"] == "slave" and info["master_link_status"] == "up")

    def _answers(self) -> bool:
        with contextlib.suppress(StoreError), self.client() as redis:
            return bool(redis.ping())
        return False

    def __enter__(self) -> Self:
        """Start."""
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End it."""
        self.kill()


class Forwarder:
    """A port that leads to whichever server is named; connections that are open stay where they are."""

    def __init__(self, target: int) -> None:
        """`target` is a port of this machine."""
        self.target = target
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port = int(self._listener.getsockname()[1])
        self._open: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def url(self) -> str:
        """Of a Redis behind it."""
        return f"redis://127.0.0.1:{self.port}"

    def close(self) -> None:
        """End it and all that goes through it."""
        for sock in (self._listener, *self._open):
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
            sock.close()

    def _accept(self) -> None:
        while True:
            try:
                client = self._listener.accept()[0]
            except OSError:
                return
            try:
                far = socket.create_connection(("127.0.0.1", self.target), 1)
            except OSError:
                client.close()
                continue
            far.settimeout(None)
            self._open += [client, far]
            for one, other in ((client, far), (far, client)):
                threading.Thread(target=_copy, args=(one, other), daemon=True).start()


def fail_over(primary: Server, replica: Server, address: Forwarder) -> None:
    """As an operator, or Sentinel, would: connections to the old primary stay open."""
    address.target = replica.port
    replica.follow(None)
    primary.follow(replica)


def _copy(source: socket.socket, sink: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(65_536):
            sink.sendall(data)
    for sock in (source, sink):
        with contextlib.suppress(OSError):
            sock.shutdown(socket.SHUT_RDWR)
