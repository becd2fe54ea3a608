"""What is no log is named for what it is."""

from __future__ import annotations

import gzip
import io
import zipfile

import pytest

from bot.logs.file import SIZE_LIMIT, NotALog, is_message_of_aws_cli, text_of
from bot.logs.reading import read_log

ARCHIVE = io.BytesIO()
with zipfile.ZipFile(ARCHIVE, "w") as opened:
    opened.writestr("log.txt", "START")
NO_LOGS = {
    "cut off": gzip.compress(b"START")[:-4],
    "damaged": gzip.compress(b"START")[:-8] + bytes(8),
    "more than 64 MB": gzip.compress(bytes(SIZE_LIMIT + 1)),
    "a zip archive": gzip.compress(ARCHIVE.getvalue()),
    "CSV": ARCHIVE.getvalue(),
    "zstd": b"\x28\xb5\x2f\xfd\x00",
    "bunzip2": b"BZh91AY",
    "PDF": b"%PDF-1.7 of something",
    "picture": b"\x89PNG\r\n\x1a\n",
    "binary": bytes(range(256)) * 20,
    "web page": b"\n<!DOCTYPE html><html><body>Sign in</body></html>",
}


@pytest.mark.parametrize("word", NO_LOGS)
def test_what_it_is(word):
    with pytest.raises(NotALog, match=word):
        text_of(NO_LOGS[word])


def test_what_gzip_packed_is_read_also_in_several_parts():
    """An export to S3 is packed so, and zcat's users append one file to another."""
    assert text_of(gzip.compress(b"START\n") + gzip.compress(b"END\n")) == "START\nEND\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_encodings(encoding):
    assert text_of("⚡ SDK".encode(encoding)) == "⚡ SDK"


def test_colors_and_a_few_odd_bytes_are_text():
    assert text_of(b"\x1b[32mSTART\x1b[0m of a line that has some length\x00\n").startswith("\x1b")


@pytest.mark.parametrize(
    "message",
    [
        "\nAn error occurred (ExpiredTokenException) when calling the FilterLogEvents operation: x",
        'Unable to locate credentials. You can configure credentials by running "aws login".',
        "The config profile (prod) could not be found",
        "Error loading SSO Token: Token for prod does not exist",
        "usage: aws [options] <command> <subcommand> [<subcommand> ...] [parameters]",
        "bash: aws: command not found",
        "zsh: command not found: aws",
        'Could not connect to the endpoint URL: "https://logs.eu-west-9.amazonaws.com/"',
    ],
)
def test_messages_of_the_aws_cli(message):
    assert is_message_of_aws_cli(message)
    with pytest.raises(NotALog, match="AWS CLI"):
        read_log(message.encode())


def test_a_log_with_such_a_message_is_read():
    """A user's function may call AWS, and 2>&1 puts a warning before the log."""
    request = "5eed0000-0000-4000-8000-000000000001"
    log = f"Unable to locate credentials\nEND RequestId: {request}\n"

    assert read_log(log.encode()).status == 1


@pytest.mark.parametrize("text", ["", "\n \n"])
def test_nothing_is_empty(text):
    reading = read_log(text.encode())

    assert (reading.status, reading.saw, reading.understood) == (3, "The log is empty.", False)


def test_where_nothing_is_recognized_it_says_so_and_what_is_read():
    reading = read_log(b"hello\nworld\n")

    assert reading.status == 3
    assert reading.saw.startswith("No line was recognized. These shapes are read: plain lines; ")
    assert "Logs Insights" in reading.saw
    assert "hello" not in reading.saw
