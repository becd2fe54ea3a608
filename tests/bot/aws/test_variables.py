"""Secrets stop at the door."""

from __future__ import annotations

import pytest

from bot.aws.evidence.variables import environment, preloads, size
from checks.evidence import Missing, Withheld


@pytest.mark.parametrize(
    ("name", "text", "kept"),
    [
        ("AWS_LAMBDA_EXEC_WRAPPER", "/opt/datadog_wrapper", "/opt/datadog_wrapper"),
        ("SLS_ORG_ID", "", ""),
        ("SLS_DISABLE_TRACE_SAMPLING", "false", "false"),
        ("SLS_SDK_DEBUG", "a\x1b[31m\nb", "a·[31m·b"),
        ("SLS_ORG_ID", "x" * 1000, "x" * 256),
        ("SLS_ORG_IDS", "a secret", Withheld(empty=False)),
        ("DB_PASSWORD", "a secret", Withheld(empty=False)),
        ("DB_PASSWORD", "", Withheld(empty=True)),
        ("NODE_OPTIONS", "--title=secret -r a/b", "-r a/b"),
    ],
)
def test_only_the_readable_keep_their_values(name, text, kept):
    found = environment({"Variables": {name: text}})

    assert not isinstance(found, Missing)
    assert found[0] == {name: kept}


@pytest.mark.parametrize(
    ("options", "kept"),
    [
        ("-r @sentry/aws-serverless/awslambda-auto", "-r @sentry/aws-serverless/awslambda-auto"),
        ("--require=/opt/a --max-old-space-size=99", "--require /opt/a"),
        ("--import './b c.mjs' --token s3cret", "--import ./b c.mjs"),
        ("--import data:text/javascript,token='s3cret'", "--import data:"),
        ("-r 'unclosed", "-r 'unclosed"),
        ("-r", "-r "),
        ("--enable-source-maps", ""),
    ],
)
def test_preloads_are_paths_only(options, kept):
    assert preloads(options) == kept


@pytest.mark.parametrize(
    ("variables", "bytes_"),
    [({}, 2), ({"A": "b"}, 9), ({"A": "é"}, 10), ({"A": "\ud800"}, 11), ({"A": '"'}, 10)],
)
def test_size_is_that_of_compact_json(variables, bytes_):
    assert size(variables) == bytes_


def test_what_kms_hides_is_missing_and_names_the_action():
    error = {"ErrorCode": "AccessDeniedException", "Message": "arn:aws:kms:secret"}

    found = environment({"Error": error})

    assert isinstance(found, Missing)
    assert found.action == "kms:Decrypt"
    assert "AccessDeniedException" in found.why
    assert "arn:aws" not in found.why
