"""Documents for CI look as the files in golden/ show them."""

from __future__ import annotations

from golden_formats import FOLDER, documents


def test_documents_look_as_their_files_show():
    kept = {path.name: path.read_text() for path in FOLDER.iterdir()}
    written = {name: f"{text}\n" for name, text in documents().items()}

    assert kept == written, "write them again: python tests/bot/formats/golden_formats.py"
