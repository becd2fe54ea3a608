"""What helps against a broken integration stack: only what CloudFormation allows in its state."""

from __future__ import annotations

from shlex import quote

from checks.account_actions import EVERY_FUNCTION, delete_stack, integrate_again
from checks.actions import INTEGRATIONS
from checks.error_remedies import fix
from checks.error_remedies.remedy import Actions
from checks.evidence import IntegrationStack, LambdaFunction, StackElsewhere
from checks.evidence.account import STACK_NAME, STACK_REGION
from checks.facts.error_texts import ErrorKind, classify
from checks.facts.stack_states import StackState
from checks.model import Action, Page

Broken = IntegrationStack | StackElsewhere


def actions_for(stack: Broken, function: LambdaFunction) -> Actions:
    """In the order in which they have to be done."""
    match stack.state:
        case StackState.BEING_DELETED:
            return (_wait_for_deletion(stack),)
        case StackState.NOT_EXECUTED:
            return (_execute(stack),)
        case StackState.UPDATE_STUCK:
            return (_finish_update(stack), integrate_again())
        case StackState.BEING_UNDONE:
            wait = Action("Wait until CloudFormation has undone the creation", _page(stack))
            return (wait, *_made_anew(stack, function))
    return _made_anew(stack, function)


def removal(stack: Broken) -> Actions:
    """Before the integration can be added again."""
    if stack.state is StackState.BEING_DELETED:
        return (Action("Wait until its deletion is over", _page(stack)),)
    page = Page.STACK if stack.name == STACK_NAME else None
    return (delete_stack(stack.name, stack.region, page),)


def _made_anew(stack: Broken, function: LambdaFunction) -> Actions:
    kind = classify(stack.reason or "")
    reason = () if kind is ErrorKind.OTHER else fix(kind, function)
    if not reason and stack.state is StackState.NOT_DELETED:
        named = f"the resource {stack.failed_resource}" if stack.failed_resource else "a resource"
        reason = (Action(f"Remove what keeps {named} from being deleted", _page(stack)),)
    return (*reason, *removal(stack), integrate_again())


def _wait_for_deletion(stack: Broken) -> Action:
    return Action(
        f"{EVERY_FUNCTION}wait until CloudFormation has deleted the stack, then add the "
        "integration again",
        _page(stack),
        way=INTEGRATIONS,
    )


def _execute(stack: Broken) -> Action:
    return Action(
        f"{EVERY_FUNCTION}execute the change set of {stack.name} in CloudFormation "
        f"({stack.region}), or delete the stack and add the integration again",
        _page(stack),
    )


def _finish_update(stack: Broken) -> Action:
    if stack.status != "UPDATE_ROLLBACK_FAILED":
        return Action(
            f"Roll back or repeat the last update of {stack.name} in CloudFormation "
            f"({stack.region})",
            _page(stack),
        )
    skipped = stack.failed_resource
    skip = f" --resources-to-skip {quote(skipped)}" if skipped else ""
    return Action(
        "Continue the update's rollback"
        + (f", skipping {skipped}, which cannot be restored" if skipped else ""),
        _page(stack),
        f"aws cloudformation continue-update-rollback --stack-name {quote(stack.name)} "
        f"--region {stack.region}{skip}",
    )


def _page(stack: Broken) -> Page | None:
    """The console's page shows the stack of that name in us-east-1."""
    return Page.STACK if (stack.name, stack.region) == (STACK_NAME, STACK_REGION) else None
