"""Files in a folder of their own, and lint run over them."""

from textwrap import dedent

import pytest

from bot.lint.run import Options, lint


@pytest.fixture
def project(tmp_path, monkeypatch):
    """Writes files by name into the working directory."""
    monkeypatch.chdir(tmp_path)

    def write(**files):
        for name, text in files.items():
            path = tmp_path / name.replace("__", "/").replace("_DOT_", ".")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(dedent(text).lstrip("\n"))
        return tmp_path

    return write


@pytest.fixture
def found():
    """(step, line, function) of each finding, and the same of what is unknown."""

    def run(*paths, **options):
        result = lint(list(paths), Options(**options))
        return (
            [(f.step, f.line, f.function) for f in result.findings],
            [(u.step, u.line, u.function) for u in result.unknown],
        )

    return run
