"""
The program `slsdiag`, which hears Ctrl-C from its first moment on.

What only reads has nothing to put in order, and calls to AWS that are under way would keep it
for as long as AWS takes: it leaves at once. Verbs that start something (`serve`, `worker`,
`demo`) hear their signals themselves.
"""

from __future__ import annotations

import os
import signal
import sys
from typing import NoReturn

from bot.errors import INTERRUPTED

_LINE_AS_IT_WAS = b"\r\x1b[2K\x1b[?25h"
"""What was drawn on the terminal's last line goes, and the cursor shows again."""


def main() -> int:
    """Run; the exit status."""
    if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:  # as of `slsdiag … &` in a script
        signal.signal(signal.SIGINT, _leave)
    from bot.cli import main as run  # noqa: PLC0415 - takes 0.1 s, during which Ctrl-C is handled

    return run()


def _leave(*_: object) -> NoReturn:
    if os.isatty(2):
        os.write(2, _LINE_AS_IT_WAS)
    os._exit(INTERRUPTED)


if __name__ == "__main__":
    sys.exit(main())
