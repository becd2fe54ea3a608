"""What the frameworks themselves make of a project says the same as its source, at the source's lines."""

import json
import shutil
from pathlib import Path

import pytest

from bot.lint.packaged import FOLDER, STATE, TEMPLATE
from bot.lint.run import Options, lint

COMPILED = Path(__file__).parent / "compiled"
PAIRS = json.loads((COMPILED / "sam.json").read_text())["pairs"]
SERVICES = json.loads((COMPILED / "osls.json").read_text())["services"]


def lines(path):
    result = lint([str(path)], Options())
    assert result.unknown == ()
    return {(f.step, f.outcome, f.headline, f.line, f.function) for f in result.findings}


@pytest.mark.parametrize("pair", [pytest.param(each, id=each["name"]) for each in PAIRS])
def test_sams_transform_plans_the_same(tmp_path, pair):
    said = []
    for key in ("template", "transformed"):
        (tmp_path / key).mkdir()
        (tmp_path / key / "template.json").write_text(json.dumps(pair[key]))
        said.append({each[:3] for each in lines(tmp_path / key)})

    assert said[0] == said[1]


@pytest.mark.parametrize("number", range(len(SERVICES)))
def test_a_packaged_service_says_the_same_at_the_same_lines(tmp_path, number):
    service = SERVICES[number]
    (tmp_path / "serverless.yml").write_text(service["serverless.yml"])
    before = lines(tmp_path)
    (tmp_path / FOLDER).mkdir()
    (tmp_path / FOLDER / STATE).write_text(json.dumps(service["state"]))
    (tmp_path / FOLDER / TEMPLATE).write_text(json.dumps(service["template"]))

    assert lines(tmp_path) == before


def test_an_app_of_cdk_is_judged_at_the_lines_of_its_code(tmp_path):
    (tmp_path / "cdk.out").mkdir()
    shutil.copy(COMPILED / "app.js", tmp_path / "app.js")
    for name in ("Shop.template.json", "manifest.json", "Shop.metadata.json"):
        text = (COMPILED / name).read_text().replace("(app.js:", f"({tmp_path}/app.js:")
        (tmp_path / "cdk.out" / name).write_text(text)
    source = (tmp_path / "app.js").read_text().splitlines()
    found = {
        (step, source[line - 1].split('"')[1])
        for step, _, _, line, _ in lines(tmp_path / "cdk.out")
    }

    assert found == {
        ("wrapper_set", "Traced"),
        ("no_conflicting_tool", "Traced"),
        ("runtime_supported", "Mail"),
        ("traffic_on_instrumented_version", "live"),
        ("traces_reach_the_log_pipe", "Rare"),
    }
