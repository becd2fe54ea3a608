"""Files that somebody made to do harm: refused in a sentence, in little time and memory."""

import os
import tempfile
import time
import tracemalloc
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from projects import KINDS, PROJECTS
from written import written

from bot.errors import SlsdiagError
from bot.lint.discovery import kind_of
from bot.lint.judgment import judged
from bot.lint.reading import project_of
from bot.lint.refusals import Unparsed
from bot.lint.run import Options, lint
from checks.evidence import Expected

HEAD = "service: x\nprovider: {name: aws, runtime: nodejs22.x}\n"
FUNCTION = "functions:\n  f: {handler: a.b, layers: *j}\n"
BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{name}: &{name} [{','.join([f'*{before}'] * 9)}]\n"
    for before, name in zip("abcdefghi", "bcdefghij", strict=True)
)
CLOUD = "Resources:\n  F:\n    Type: AWS::Lambda::Function\n"
PLAN = '{"format_version":"1.2","planned_values":{},"resource_changes":['
DOUBLING = "".join(
    f"  a{n}: ${{self:custom.a{n + 1}}}${{self:custom.a{n + 1}}}\n" for n in range(60)
)
HOSTILE = {
    "alias bomb": ("serverless.yml", f"{HEAD}{BOMB}{FUNCTION}"),
    "alias bomb in a template": (
        "template.yaml",
        f"{BOMB}{CLOUD}    Properties: {{Layers: *j, A: *j}}\n",
    ),
    "50 MB": ("template.yaml", CLOUD + "# x\n" * 13_000_000),
    "many values": ("serverless.yml", f"{HEAD}functions:\n" + "- a\n" * 400_000),
    "many lists": (
        "t.json",
        '{"Resources":{"F":{"Type":"AWS::Lambda::Function","A":[' + "[]," * 600_000 + "[]]}}}",
    ),
    "a plan of lists": ("plan.json", PLAN + "[]," * 3_000_000 + "[]]}"),
    "deep YAML": ("template.yaml", f"{CLOUD}A: " + "[" * 50_000),
    "deep JSON": (
        "t.json",
        '{"Resources":{"F":{"Type":"AWS::Lambda::Function"}},"A":'
        + "[" * 9_000
        + "]" * 9_000
        + "}",
    ),
    "a value that holds itself": ("template.yaml", f"A: &r\n  B: *r\n{CLOUD}"),
    "text that doubles": (
        "serverless.yml",
        f"{HEAD}custom:\n{DOUBLING}  a60: x\nfunctions:\n  f: {{handler: a.b, environment: {{A: '${{self:custom.a0}}'}}}}\n",
    ),
    "nested references": (
        "serverless.yml",
        f"{HEAD}custom: {{a: '{'${self:custom.' * 2000}x{'}' * 2000}'}}\nfunctions:\n  f: {{handler: '${{self:custom.a}}'}}\n",
    ),
    "open references": (
        "serverless.yml",
        f"{HEAD}custom: {{a: '{'${' * 300_000}'}}\nfunctions: ${{self:custom}}\n",
    ),
    "a circle of includes": (
        "serverless.yml",
        f"{HEAD}functions: ${{file(serverless.yml):functions}}\n",
    ),
    "blanks": (
        "serverless.yml",
        f"{HEAD}{' ' * 1_900_000}\nfunctions: {{}}\n# slsdiag: ignore{' ' * 20_000}x\n",
    ),
    "a number": (
        "t.json",
        '{"Resources":{"F":{"Type":"AWS::Lambda::Function","A":' + "9" * 9_000 + "}}}",
    ),
    "not UTF-8": ("template.yaml", f"{CLOUD}    é: x\n".encode("latin-1")),
    "NUL": ("template.yaml", f"{CLOUD}\0"),
    "constructing tags": (
        "serverless.yml",
        f"{HEAD}custom: !!python/object/apply:os.mkdir [made]\nfunctions: {{}}\n",
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_cost_little(tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    file, content = HOSTILE[name]
    (tmp_path / file).write_bytes(content if isinstance(content, bytes) else content.encode())
    begun = time.process_time()
    tracemalloc.start()
    try:
        lint([file], Options())
        refusal = ""
    except SlsdiagError as error:
        refusal = str(error)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert most < 64 * 2**20
    assert time.process_time() - begun < 8  # tracemalloc makes it five times slower
    assert refusal.count(".\n") == 0
    assert not (tmp_path / "made").exists()


@pytest.mark.parametrize(
    "name", [n for n in HOSTILE if n.startswith(("50", "many", "deep", "a v", "a n", "not", "NUL"))]
)
def test_what_is_refused_says_why_in_one_sentence(tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    file, content = HOSTILE[name]
    (tmp_path / file).write_bytes(content if isinstance(content, bytes) else content.encode())

    with pytest.raises(SlsdiagError, match=rf"^{file} cannot be read: [^.]+\.$"):
        lint([file], Options())


def test_what_is_no_file_is_not_opened(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    os.mkfifo(tmp_path / "serverless.yml")

    with pytest.raises(SlsdiagError, match="No template was found"):
        lint([], Options())


@given(st.integers(0, len(PROJECTS) - 1), st.data())
def test_mangled_files_are_read_or_refused(number, data):
    """Nothing but Unparsed, whatever a character becomes."""

    own = PROJECTS[number]
    text, _ = written(KINDS[own.kind](own.plan())[1], own.hand)
    at = data.draw(st.integers(0, len(text)))
    junk = data.draw(
        st.sampled_from(
            ["*a", "&a", "!Ref", "${", "}", "[", "{", '"', ":", "- ", "\t", "\0", "é", "<<: "]
        )
    )
    mangled = text[:at] + junk + text[at + data.draw(st.integers(0, 9)) :]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, KINDS[own.kind](own.plan())[0])
        path.write_text(mangled)
        kind = kind_of(path)
        try:
            if kind:
                judged(project_of(path, kind, None), Expected(), datetime.now(UTC))
        except Unparsed:
            pass
