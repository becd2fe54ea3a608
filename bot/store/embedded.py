"""
The store of one machine: a Valkey server beside the bot, on a private socket, no port.

The server outlives a bot that is killed, and the next start adopts it. Two file locks in
its folder keep that safe:

    starting   held while a server is adopted, started or stopped
    serving    held by the server itself, through a file that it inherits: it falls when
               the last process of the server is gone, whatever became of us

Every bot that uses the server also holds `using` shared; the last to leave stops it.
"""

from __future__ import annotations

import fcntl
import subprocess
import time
from pathlib import Path
from threading import Thread
from types import TracebackType
from typing import IO
from urllib.parse import quote

from redis.exceptions import RedisError

from bot.serving_settings import StoreSettings
from bot.store.connection import connect
from bot.store.folder import lock, locked, make_private, socket_path
from bot.store.repair import repaired
from bot.store.valkey import StoreFailed, command

START_LIMIT = 60.0
"""Seconds; reading back a large log of writes takes some."""
STOP_LIMIT = 10.0
NO_STORE = "REDIS_URL is not set, and no bot's store runs under SLSDIAG_STATE_DIR."


class Embedded:
    """The server whose data is in `state_dir`; `with Embedded(path) as url:`."""

    def __init__(self, state_dir: Path, server: Path | None = None) -> None:
        """Nothing is touched before `start`; `server` is another than the wheel's."""
        self._server = server
        self.folder = state_dir.resolve() / "store"
        self.socket = socket_path(self.folder)
        self.log = self.folder / "server.log"
        self._process: subprocess.Popen[bytes] | None = None
        self._using: IO[bytes] | None = None

    def start(self) -> str:
        """Adopt the server that answers, or start one; gives its url."""
        make_private(self.folder)
        make_private(self.socket.parent)
        if self._using is None:
            self._using = (self.folder / "using").open("ab")
            fcntl.flock(self._using, fcntl.LOCK_SH)
        try:
            self.ensure()
        except BaseException as error:
            # one that is slow to read its data back may be adopted by the next start
            if self._process and not isinstance(error, Exception):
                self._process.terminate()
            self._leave()
            raise
        return self.url

    @property
    def url(self) -> str:
        """Where the server listens."""
        return f"unix://{quote(str(self.socket))}"

    def ensure(self) -> None:
        """Start the server again if it died; costs one PING when it did not."""
        if not self._wanted() or self.answers():
            return
        with locked(self.folder / "starting"):
            deadline = time.monotonic() + START_LIMIT
            while self._wanted() and not self.answers():
                if not self._serving():
                    self._spawn()
                if time.monotonic() > deadline:
                    raise StoreFailed(f"The store did not answer in time: see {self.log}.")
                time.sleep(0.01)

    def answers(self) -> bool:
        """Whether the server is up."""
        try:
            with connect(self.url) as redis:
                return bool(redis.ping())
        except RedisError:
            return False

    def stop(self) -> None:
        """Stop the server, unless another bot still uses it."""
        if self._using is None:
            return
        with locked(self.folder / "starting"):
            if lock(self._using):
                self._shut_down()
            self._leave()

    def __enter__(self) -> str:
        """Start."""
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop."""
        self.stop()

    def _wanted(self) -> bool:
        return self._using is not None

    def _leave(self) -> None:
        if self._using is not None:
            self._using.close()
            self._using = None

    def _serving(self) -> bool:
        """Whether a server has the data open, even one that does not answer (yet)."""
        if self._process and self._process.poll() is not None:
            status, self._process = self._process.returncode, None
            if status > 0 and not repaired(self.folder):
                raise StoreFailed(f"The store stopped with status {status}: see {self.log}.")
        with (self.folder / "serving").open("ab") as file:
            return not lock(file)

    def _spawn(self) -> None:
        self.socket.unlink(missing_ok=True)
        with (self.folder / "serving").open("ab") as file:
            if not lock(file):
                return
            self._process = subprocess.Popen(  # noqa: S603 - our own binary and options
                command(self.folder, self.socket, self.log, self._server),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                # the lock lives on in the server, and Ctrl-C at the bot must not reach it
                pass_fds=(file.fileno(),),
                start_new_session=True,
            )
        # it may end at any time, and its parent must notice
        Thread(target=self._process.wait, daemon=True).start()

    def _shut_down(self) -> None:
        try:
            with connect(self.url) as redis:
                redis.shutdown(nosave=True)
        except RedisError:
            pass
        deadline = time.monotonic() + STOP_LIMIT
        while self._serving():
            if time.monotonic() > deadline:
                raise StoreFailed(f"The store did not stop in time: see {self.log}.")
            time.sleep(0.01)


def running(settings: StoreSettings) -> str | None:
    """The address of the store that a bot with these settings uses; None where its own does not run here."""
    if settings.redis_url:
        return settings.redis_url
    embedded = Embedded(settings.state_dir)  # never started for this
    return embedded.url if embedded.answers() else None
