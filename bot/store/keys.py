"""
Every key of the store, spelled here and nowhere else.

The scripts in lua/ name them in lower case: `KEY.due`, `KEY.entry(key)`. Releases share these
spellings while a rollout runs, so a spelling stays even where its name here became another one.
"""

from __future__ import annotations

from string import Formatter

NAMESPACE = "slsdiag"
_PREFIX = f"{NAMESPACE}:"


class Pattern:
    """A key with parts that vary."""

    def __init__(self, text: str) -> None:
        """`text` as `str.format` takes it; the prefix comes by itself."""
        self.text = _PREFIX + text
        self.parts = tuple(name for _, name, _, _ in Formatter().parse(text) if name)

    def __call__(self, *values: str) -> str:
        """The key; every part takes a value, in the order of the pattern."""
        return self.text.format(**dict(zip(self.parts, values, strict=True)))


# Of due.py and quarantine.py
DUE = f"{_PREFIX}due"
CLAIMS = f"{_PREFIX}claims"
TRIES = f"{_PREFIX}tries"
WOKEN = f"{_PREFIX}woken"
FENCES = f"{_PREFIX}fences"
PARKED = f"{_PREFIX}parked"
UNREADABLE = f"{_PREFIX}unread"
UNKNOWN_KINDS = f"{_PREFIX}unknown_kinds"
NOTHING = f"{_PREFIX}nothing"
ROOM = f"{_PREFIX}room"

# Of clock_steps.py, identity.py and readiness.py
CLOCK = f"{_PREFIX}clock"
IDENTITY = f"{_PREFIX}home"
READY = f"{_PREFIX}ready"

# Of records.py
RECORD = Pattern("{kind}:{id}")
OF_MEMBER = Pattern("{member}")
"""The record of a member of the due set, which is "kind:id"."""
INDEX = Pattern("{kind}s:{channel}")
SUBJECTS = Pattern("alone:{kind}:{channel}")
ONCE = Pattern("once:{name}")

# Of outbox.py
OUTBOX = f"{_PREFIX}outbox"
ENTRY = Pattern("entry:{key}")
SEQUENCE = Pattern("lane:{name}")
PAUSE = Pattern("pause:{call}")
MARKER = f"{_PREFIX}marker"
SHUT_OUT = f"{_PREFIX}shut-out"

# Of homes.py
HOMES = f"{_PREFIX}app-homes"
HOME_NOTICE = Pattern("app-home-notice:{user}")

# Of sharing.py
EVIDENCE = Pattern("evidence:{scope}")
FLIGHT = Pattern("gathering:{name}")
FLIGHT_WAITERS = Pattern("gathering:{name}:joined")
FLIGHT_CONFIRMED = Pattern("gathering:{name}:confirmed")

# Of rate_limit.py, sharing.py and bot/app
LIMIT = Pattern("limit:{kind}:{subject}")
LIMIT_NOTICE = Pattern("limit-told:{user}")
LOSS_NOTICE = Pattern("loss-told:{conversation}")
SIGNED = Pattern("signed:{signature}")
RATE = Pattern("rate:{name}")
EXTERNAL = Pattern("external:{channel}")

# Of organization.py
ORGANIZATION = Pattern("organization:{scope}")
ORGANIZATION_LEASE = Pattern("organization:{scope}:lease")

# Of bot/scan
FUNCTIONS = f"{_PREFIX}functions"
SCAN_PART = Pattern("scan:{id}:{part}")
SCAN_RUNNING = Pattern("scanning:{scope}")
SCAN_RECENT = Pattern("scanned:{scope}")
SCAN_JOINED = Pattern("joined:{waiter}:{once}")
SCAN_ANSWERS = Pattern("scan-answers:{place}")

# Of bot/changes
SETUPS = Pattern("setups:{place}:{of}")

# Of bot/digest
DIGESTS = f"{_PREFIX}digests"
DIGESTS_OF = Pattern("digests:{channel}")

# Of bot/watch
WATCHES = f"{_PREFIX}watches"
DEPLOYS_OPEN = Pattern("deploys-open:{place}")
WATCH_STATES = Pattern("watch-states:{place}")
WATCH_MARK = Pattern("watch-mark:{place}")
WATCH_EVENTS = Pattern("watch-events:{place}")
WATCH_DROPPED = Pattern("watch-dropped:{place}:{day}")
WATCH_HISTORY = Pattern("watch-history:{place}")

# Of bot/search
INVENTORY = Pattern("inventory:{place}")
REPORTS = Pattern("reports:{user}")
REQUESTED = Pattern("asked:{who}")

# Of bot/jobs
QUEUE = Pattern("{name}")
