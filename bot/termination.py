"""
SIGINT and SIGTERM as something that a process waits for, once.

Python runs a signal's handler in the main thread only, when that runs Python. A main thread
that waits for a lock does not, and the system may give the signal to another thread, whose
waits are the ones that it interrupts. So the signal is waited for on a socket: Python writes to
it in whichever thread the signal arrives.
"""

from __future__ import annotations

import asyncio
import select
import signal
import socket

SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Termination:
    """Once it exists, the two signals interrupt nothing. It must be created in the main thread."""

    def __init__(self) -> None:
        """Handle the signals from now on."""
        self._received, self._arrival = socket.socketpair()
        self._received.setblocking(False)
        self._arrival.setblocking(False)
        signal.set_wakeup_fd(self._arrival.fileno(), warn_on_full_buffer=False)
        for number in SIGNALS:
            signal.signal(number, lambda *_: None)

    def wait(self) -> None:
        """Until there was a signal, before this call or after."""
        select.select((self._received,), (), ())

    async def awaited(self) -> None:
        """The same, beside what else the running loop does."""
        await asyncio.get_running_loop().sock_recv(self._received, 1)
