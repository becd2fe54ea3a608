"""Cards, listeners and roles share one enumeration of what can be clicked, tested both ways."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from slack_bolt import BoltRequest, BoltResponse

from bot.app.listeners import build
from bot.app.processes import who_we_are
from bot.slack.actions import NUMBERED, ActionId, action_of, numbered, pattern
from bot.slack.roles import CLICKS

BOT = Path(__file__).parents[3] / "bot"
DRAWS = ("bot.slack.blocks", "slack_sdk.models")


def modules():
    for path in BOT.rglob("*.py"):
        if "playground" not in path.parts:
            yield ast.parse(path.read_text())


def registrations(module):
    """What listeners to clicks wait for, as it is written."""
    for node in ast.walk(module):
        called = ast.unparse(node.func) if isinstance(node, ast.Call) else ""
        if called in {"app.action", "app.options"}:
            yield node.args[0]


def actions_in(tree):
    return {
        ActionId[node.attr]
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "ActionId"
    }


def imports(module):
    return {node.module or "" for node in ast.walk(module) if isinstance(node, ast.ImportFrom)}


def an_id(action):
    return numbered(action, 3) if action in NUMBERED else action.value


def body(action):
    kind = "block_suggestion" if action is ActionId.PICK_FUNCTION else "block_actions"
    return {"type": kind, "action_id": an_id(action), "actions": [{"action_id": an_id(action)}]}


@pytest.fixture
def mode():
    return "http"


@pytest.fixture
def listeners(bot):
    """Those of the real app."""
    parts = bot._parts  # noqa: SLF001 - as its processes build it
    app = build(parts.client, who_we_are(parts.client), parts.services)
    bot._home.listen(app)  # noqa: SLF001 - likewise
    return app._listeners  # noqa: SLF001 - Bolt has no public way


def listeners_for(listeners, body):
    request, answer = BoltRequest(body=body, mode="socket_mode"), BoltResponse(status=200)
    return [each for each in listeners if each.matches(req=request, resp=answer)]


def test_each_action_has_exactly_one_listener(listeners):
    listening = {action: len(listeners_for(listeners, body(action))) for action in ActionId}

    assert listening == dict.fromkeys(ActionId, 1)
    stranger = {"type": "block_actions", "actions": [{"action_id": "meant"}]}
    assert listeners_for(listeners, stranger) == []


def test_each_action_has_a_role():
    assert set(CLICKS) == set(ActionId)


def test_each_action_is_drawn_and_nothing_else_is_listened_to():
    drawn, handled = set(), set()
    for module in modules():
        waited_for = list(registrations(module))
        assert all(
            "ActionId" in ast.unparse(each) or "KINDS" in ast.unparse(each) for each in waited_for
        )
        if waited_for:
            handled |= actions_in(module)
        elif any(name.startswith(DRAWS) for name in imports(module)):
            drawn |= actions_in(module)

    assert drawn == handled == set(ActionId)


def test_ids_are_told_apart():
    for action in ActionId:
        assert action_of(an_id(action)) is action
        assert [each for each in ActionId if pattern(each).search(an_id(action))] == [action]
    for wrong in (
        "",
        "answer",
        "answer_",
        "answer_x",
        "answer_1_",
        "retry_1",
        "x_retry",
        "meant_²",
    ):
        assert action_of(wrong) is None
        assert not any(pattern(each).search(wrong) for each in ActionId)
