"""The wrapper to the letter: the SDK's own, another's, one of your own, or a path to nowhere."""

from __future__ import annotations

import pytest
from situations import (
    NODE_LAYER,
    NOON,
    OURS_NODE,
    OURS_PYTHON,
    PYTHON_LAYER,
    a_function,
    a_log,
    layer,
    outcome_of,
)
from worlds import MINUTE, a_log_of

from checks.model import Impact, Verdict

NODE_PATH = OURS_NODE["AWS_LAMBDA_EXEC_WRAPPER"]
PYTHON_PATH = OURS_PYTHON["AWS_LAMBDA_EXEC_WRAPPER"]
DATADOG = "/opt/datadog_wrapper"
NOTHING = a_log()


def tried(value, end=None, layers=(NODE_LAYER,), **changes):
    environment = {} if value is None else {"AWS_LAMBDA_EXEC_WRAPPER": value}
    return outcome_of(
        "wrapper_set",
        environment=environment,
        function=a_function(layers=layers, **changes),
        log=a_log_of([end]) if end else NOTHING,
    )


@pytest.mark.parametrize(
    ("path", "runtime"), [(NODE_PATH, "nodejs22.x"), (PYTHON_PATH, "python3.12")]
)
@pytest.mark.parametrize("end", [None, "bare", "payload", "cannot_start"])
def test_sdks_own_is_well(path, runtime, end):
    outcome = tried(path, end, runtime=runtime)

    assert (outcome.verdict, path in outcome.saw) == (Verdict.OK, True)


@pytest.mark.parametrize(
    ("value", "end", "layers", "code"),
    [
        (None, "bare", (NODE_LAYER,), "not_set"),
        ("", "bare", (NODE_LAYER,), "not_set"),
        (DATADOG, "bare", (NODE_LAYER,), "taken"),
        (DATADOG, None, (NODE_LAYER, layer("Datadog-Node22-x")), "taken"),
        ("/opt/x", None, (layer("of-nobody"),), "taken"),
        ("/elsewhere/x", None, (NODE_LAYER,), "taken"),
        ("/var/task/start.sh", None, (NODE_LAYER,), "own_script"),
        ("/var/task/start.sh", "bare", (NODE_LAYER,), "own_script"),
        (PYTHON_PATH, None, (NODE_LAYER, PYTHON_LAYER), "wrong_path"),
        (PYTHON_PATH, "bare", (NODE_LAYER, PYTHON_LAYER), "wrong_path"),
        ("/opt/sls-sdk-node/exec_wrapper.sh", "bare", (NODE_LAYER,), "wrong_path"),
    ],
)
def test_what_leaves_the_function_running_is_blind(value, end, layers, code):
    outcome = tried(value, end, layers)

    assert (outcome.verdict, outcome.code) == (Verdict.PROBLEM, code)
    assert outcome.impact is Impact.BLIND
    assert not any(action.relief for action in outcome.actions)


@pytest.mark.parametrize(
    ("value", "end", "layers"),
    [
        (PYTHON_PATH, None, (NODE_LAYER,)),
        (PYTHON_PATH, "bare", (NODE_LAYER,)),
        ("/opt/sls-sdk-node/exec_wrapper.sh", None, (NODE_LAYER,)),
        (f"{NODE_PATH} ", None, (NODE_LAYER,)),
        (f"'{NODE_PATH}'", "cannot_start", (NODE_LAYER,)),
        (f"{DATADOG}\n", None, (NODE_LAYER, layer("Datadog-Node22-x"))),
        (DATADOG, None, (NODE_LAYER,)),
        (DATADOG, None, ()),
        (DATADOG, "crashed", (NODE_LAYER,)),
        (DATADOG, "cannot_start", (NODE_LAYER, layer("own"))),
        ("/var/task/start.sh", "cannot_start", (NODE_LAYER,)),
    ],
)
def test_path_that_does_not_exist_is_down(value, end, layers):
    outcome = tried(value, end, layers)

    assert (outcome.verdict, outcome.code) == (Verdict.PROBLEM, "down")
    assert outcome.impact is Impact.DOWN
    assert [action.relief for action in outcome.actions] == [True, False, False]
    assert "does not exist" in outcome.saw
    assert NODE_PATH in outcome.saw


@pytest.mark.parametrize(
    ("value", "words", "headline"),
    [
        (f"{NODE_PATH} ", "blanks around it", "has blanks around it"),
        (f"  {DATADOG}", "blanks around it", "has blanks around it"),
        (f"'{NODE_PATH}'", "quotation marks around it", "has quotation marks around it"),
        (f'"{NODE_PATH}" ', "quotation marks around it", "has quotation marks around it"),
        ("/opt/sls-sdk-node/exec_wrapper.sh", "not a file of the SDK's", "path is wrong"),
        ("/opt/lumigo_wrapper", "Lumigo's", "Lumigo's exec wrapper does not exist"),
        ("/opt/nobodys", "another tool's", "The exec wrapper does not exist"),
        ("/var/task/start.sh", "a script of the function's own", "exec wrapper does not exist"),
    ],
)
def test_what_is_wrong_with_the_path_is_said(value, words, headline):
    outcome = tried(value, "cannot_start")

    assert words in outcome.saw
    assert headline in outcome.headline


@pytest.mark.parametrize(
    ("layers", "runtime", "do"),
    [
        ((NODE_LAYER,), "nodejs22.x", f"Now: set AWS_LAMBDA_EXEC_WRAPPER to {NODE_PATH}"),
        ((PYTHON_LAYER,), "python3.12", f"Now: set AWS_LAMBDA_EXEC_WRAPPER to {PYTHON_PATH}"),
        ((), "nodejs22.x", "Now: remove AWS_LAMBDA_EXEC_WRAPPER"),
        ((PYTHON_LAYER,), "nodejs22.x", "Now: remove AWS_LAMBDA_EXEC_WRAPPER"),
        ((NODE_LAYER,), "java21", "Now: remove AWS_LAMBDA_EXEC_WRAPPER"),
        ((PYTHON_LAYER,), "python3.13", "Now: remove AWS_LAMBDA_EXEC_WRAPPER"),
    ],
)
def test_relief_also_cures_where_the_layer_is_there(layers, runtime, do):
    outcome = tried("/opt/lumigo_wrapper", "cannot_start", layers, runtime=runtime)

    assert outcome.actions[0].do == do
    assert outcome.actions[0].command
    breaks = runtime in {"java21", "python3.13"}
    in_code = "Remove" if breaks else "Correct"
    assert outcome.actions[1].do.startswith(f"{in_code} AWS_LAMBDA_EXEC_WRAPPER, if it is set in")


@pytest.mark.parametrize("runtime", [None, "provided.al2023"])
def test_what_an_image_holds_is_not_known(runtime):
    assert tried(DATADOG, None, (), runtime=runtime).code == "taken"
    assert tried(NODE_PATH, None, (), runtime=runtime).code == "wrong_path"


@pytest.mark.parametrize(
    ("runtime", "whose"), [("nodejs22.x", "nodejs22.x's."), (None, "an image's.")]
)
def test_whose_path_it_is_not_is_said(runtime, whose):
    layers = (NODE_LAYER, PYTHON_LAYER)

    assert tried(PYTHON_PATH, None, layers, runtime=runtime).saw.endswith(f"is not {whose}")


def test_one_start_that_failed_is_no_proof_beside_one_that_ended():
    environment = {"AWS_LAMBDA_EXEC_WRAPPER": DATADOG}
    log = a_log_of(["cannot_start", "bare"])
    outcome = outcome_of("wrapper_set", environment=environment, log=log)

    assert (outcome.code, outcome.impact) == ("taken", Impact.BLIND)


def test_failed_starts_from_before_the_change_are_history():
    changed = a_function(modified_at=NOON - MINUTE / 2)
    environment = {"AWS_LAMBDA_EXEC_WRAPPER": "/var/task/x.sh"}
    log = a_log_of(["cannot_start"])

    assert outcome_of("wrapper_set", environment=environment, log=log).code == "down"
    then = outcome_of("wrapper_set", environment=environment, log=log, function=changed)
    assert then.code == "own_script"


@pytest.mark.parametrize(
    ("value", "headline", "words", "first"),
    [
        (DATADOG, "Datadog owns", f"belongs to Datadog ({DATADOG})", "Remove Datadog"),
        ("/opt/x", "Another tool owns", "/opt/x, which is another tool's", "Remove the tool"),
        ("/var/task/a.sh", "a script of your own", "/var/task/a.sh", f"exec {NODE_PATH}"),
    ],
)
def test_whose_wrapper_it_is(value, headline, words, first):
    outcome = tried(value, "bare")

    assert headline in outcome.headline
    assert words in outcome.saw
    assert first in outcome.actions[0].do
    whose = "your script's" if value.startswith("/var") else "the other tool's"
    assert f"overwrites {whose}" in outcome.actions[1].caution


@pytest.mark.parametrize("value", [DATADOG, "/var/task/a.sh", NODE_PATH])
@pytest.mark.parametrize("runtime", ["java21", "python3.13"])
def test_nobody_gives_up_a_wrapper_where_there_is_no_sdk(value, runtime):
    outcome = tried(value, "bare", (layer("own"), NODE_LAYER), runtime=runtime)
    (action,) = outcome.actions

    assert action.do.startswith(("Use a supported runtime", "Move to python3.12"))


def test_script_without_the_layer_is_not_led_into_it():
    outcome = tried("/var/task/a.sh", "bare", ())

    assert [action.do.split(",")[0] for action in outcome.actions] == ["Turn Instrument off"]


def test_other_runtimes_path_is_set_right():
    outcome = tried(PYTHON_PATH, None, (NODE_LAYER, PYTHON_LAYER))

    assert NODE_PATH in outcome.actions[1].command
    assert PYTHON_PATH in outcome.saw
    missing = tried(NODE_PATH, None, (NODE_LAYER,), runtime="python3.12")
    assert [action.instruments for action in missing.actions] == [False, True]
    java = tried(PYTHON_PATH, None, (PYTHON_LAYER,), runtime="java21")
    assert (java.code, len(java.actions)) == ("wrong_path", 1)


@pytest.mark.parametrize(("value", "state"), [(None, "is not set"), ("", "is empty")])
def test_nothing_set_is_told_from_empty(value, state):
    outcome = tried(value)

    assert state in outcome.headline
    assert state in outcome.saw
    assert "Turn Instrument off" in outcome.actions[0].do


@pytest.mark.parametrize(
    ("value", "verdict", "code"),
    [
        (None, Verdict.OK, ""),
        ("", Verdict.OK, ""),
        (DATADOG, Verdict.NOTICE, "unusual"),
        ("/var/task/start.sh", Verdict.NOTICE, "unusual"),
        (f"{NODE_PATH} ", Verdict.NOTICE, "unusual"),
        (PYTHON_PATH, Verdict.NOTICE, "unusual"),
    ],
)
def test_nothing_is_to_be_changed_about_what_reports(value, verdict, code):
    outcome = tried(value, "payload")

    assert (outcome.verdict, outcome.code) == (verdict, code)
    assert outcome.actions == ()
    assert "elemetry is logged" in outcome.saw
    assert "another tool's" not in outcome.saw
