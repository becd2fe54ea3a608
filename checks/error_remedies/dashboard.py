"""What Dashboard itself met."""

from __future__ import annotations

from collections.abc import Mapping

from checks.actions import ask_support
from checks.error_remedies.remedy import Remedy, Then, do
from checks.facts.error_texts import ErrorKind
from checks.model import Action, Page

REMEDIES: Mapping[ErrorKind, Remedy] = {
    ErrorKind.FUNCTION_GONE: Remedy(
        "Dashboard's list is out of date",
        do(Action("Reload the list of functions in Dashboard: that one is gone", Page.DASHBOARD)),
        Then.NOTHING,
    ),
    ErrorKind.THROTTLED: Remedy(
        "AWS throttled the instrumentation",
        do(Action("Wait a few minutes; find out who else calls Lambda's API that often")),
    ),
    ErrorKind.OTHER: Remedy(
        "Instrumenting the function failed", do(ask_support("that text")), Then.NOTHING
    ),
}
