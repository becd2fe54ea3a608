"""
The program `slsdiag`, which hears Ctrl-C from its first moment on.

What only reads has nothing to put in order, and calls to AWS that are under way would keep it
for as long as AWS takes: it leaves at once. Verbs that start something (`serve`, `worker`,
`demo`) hear their signals themselves.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
from typing import NoReturn

from bot.errors import INTERRUPTED

_SERVING = frozenset({"serve", "worker", "demo"})
_OBJECTS = 50_000
"""
Between two collections of a verb that ends by itself. Modules, clients and answers of AWS come by
the ten thousand and hold no cycles; to look through them again and again takes a tenth of a check.
"""
_LINE_AS_IT_WAS = b"\r\x1b[2K\x1b[?25h"
"""What was drawn on the terminal's last line goes, and the cursor shows again."""


def main() -> int:
    """Run; the exit status."""
    if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:  # as of `slsdiag … &` in a script
        signal.signal(signal.SIGINT, _leave)
    if _SERVING.isdisjoint(sys.argv[1:2]):
        gc.set_threshold(_OBJECTS)
    from bot.cli import main as run  # noqa: PLC0415 - takes 0.1 s, during which Ctrl-C is handled

    status = run()
    gc.freeze()  # else Python looks through all that is left before it ends: a tenth of a second
    return status


def _leave(*_: object) -> NoReturn:
    if os.isatty(2):
        os.write(2, _LINE_AS_IT_WAS)
    os._exit(INTERRUPTED)


if __name__ == "__main__":
    sys.exit(main())
