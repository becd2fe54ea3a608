"""What a step recommends, as far as it can be done in a project's files before the deploy. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from checks.actions import change_in_code
from checks.facts.sdk import WRAPPER_VARIABLE
from checks.model import Action, Finding, Page

_INSTEAD: Mapping[str, Action] = {
    "may_be_full": Action(
        "Keep one slot free on the log group, or set SLSDIAG_FILTER_LIMIT if you know how many "
        "filters your account allows"
    ),
    "no_layers": Action("Ask Serverless's support whether this region is served"),
    "own_script": change_in_code(f"Remove {WRAPPER_VARIABLE}, or have your script start the SDK's"),
}
"""By the finding's code, where all that a check recommends needs a deployed function."""


def before_the_deploy(finding: Finding) -> tuple[Action, ...]:
    """
    Its actions without those on a deployed function: Dashboard's toggle, commands, consoles.

    Dashboard instruments the function after the deploy, so there is nothing to switch on.
    """
    kept = tuple(
        replace(action, page=None, relief=False)
        for action in finding.actions
        if not (action.instruments or action.command or action.way or action.page is Page.DASHBOARD)
    )
    instead = _INSTEAD.get(finding.code)
    return kept or ((instead,) if instead else ())
