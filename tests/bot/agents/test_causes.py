"""The benchmark of causes: who can be asked, and what counts as right."""

from __future__ import annotations

import json
import shlex
import sys
from pathlib import Path

import anyio
import pytest
from mcp.client.client import Client

sys.path.insert(0, str(Path(__file__).parents[3] / "benchmarks" / "causes"))

from cases import situations
from scoring import answer_of, identical, program, score, slsdiag, write
from served import server

from bot.agents.bundle_file import unpack
from tests.bot.agents.clients import RUN


@pytest.fixture(scope="module")
def asked():
    """The others are held to their causes by test_demo_functions.py and test_aws_cases.py."""
    return list(situations())


def test_slsdiag_finds_the_planted_causes(asked):
    assert score(asked, [slsdiag(case) for case in asked], "slsdiag") == 1.0
    assert identical(asked, 2)


def test_wrong_answers_do_not_count(asked, capsys):
    broken = next(case for case in asked if case.right["verdict"] == ("problem",))
    right = slsdiag(broken)

    for key, value in (("verdict", "healthy"), ("cause", "invoked_"), ("impact", "down_")):
        assert score([broken], [{**right, key: value}], "somebody") == 0.0
    assert score([broken], [{}], "nobody") == 0.0
    assert "nobody: 0 of 1 right (0.0%)" in capsys.readouterr().err


def test_bundle_does_not_hold_its_answer(asked, tmp_path):
    write(asked[:2], tmp_path)
    names = json.loads((tmp_path / "answers.json").read_text())

    assert list(names) == ["000.zip", "001.zip"]
    for case in asked[:2]:
        assert case.name.encode() not in case.bundle()
        assert unpack(case.bundle()).report == "{}\n"


def test_program_is_given_the_file(asked):
    command = shlex.join([sys.executable, "-c", RUN, "replay", "--json"])

    assert asked[0].allows(program(command)(asked[0]))
    assert program("echo no JSON")(asked[0]) == {}
    assert answer_of('["a"]') == {}


def test_client_of_the_protocol_is_asked_one_after_the_other(asked):
    few, said = asked[:3], [{}, {}, {}]

    async def answer():
        async with Client(server(few, said)) as client:
            for case in few[:2]:
                given = (await client.call_tool("next_case", {})).structured_content
                assert given["evidence"]["function"]["name"] == case.evidence.function.name
                right = slsdiag(case)
                keys = ("verdict", "cause", "impact")
                await client.call_tool("answer", {key: right[key] for key in keys})
            await client.call_tool("next_case", {})
            return (await client.call_tool("next_case", {})).structured_content

    assert anyio.run(answer) == {"case": None}
    assert score(few, said, "the client") == pytest.approx(2 / 3)
