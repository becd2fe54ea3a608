"""What is taken for a secret, what is not, and at what cost."""

from __future__ import annotations

import re
import time

import pytest

from benchmarks import secrecy as generated
from bot.text.redaction import (
    _ONE_WORD,
    REMOVED,
    _in_word,
    looks_secret,
    redacted,
    shown,
    typed_secret,
)
from bot.text.redaction.kinds import KINDS, known_credentials
from bot.text.redaction.search import secret_spans

KEY = "Zk3correct9"
"""Like a word, but with digits among its letters: known only by where it stands."""


def test_typed_secrets_are_neither_kept_nor_shown():
    found = generated.typed(len(generated.SHAPES))

    assert len(generated.SHAPES) >= 60
    assert found.share <= generated.LIMIT, found.survived.most_common(5)


@pytest.mark.slow
def test_pasted_secrets_are_removed():
    found = generated.pasted(len(generated.SHAPES))

    assert found.share <= generated.LIMIT, found.survived.most_common(5)


def test_one_word_is_searched_alone_with_the_same_result_as_among_others():
    """A name, a path, a package or a version in one word need not wait for the whole search."""
    words = [secret.text for secret in generated.secrets(4 * len(generated.SHAPES))]
    words += [name for _, name in generated.names(60)]
    alone = [
        word
        for before in ("", "@", "$", "@scope/", "$LATEST.")
        for word in (f"{before}{word}" for word in words)
        if _ONE_WORD.fullmatch(word)
    ]

    assert len(alone) > 1_000
    assert [word for word in alone if _in_word(word) != secret_spans(word)] == []
    assert sum(bool(_in_word(word)) for word in alone) > 100


@pytest.mark.parametrize("kind", generated.UNDECIDABLE)
def test_what_is_like_a_name_is_known_by_the_name_before_it(kind):
    found = generated.pasted(10, {kind: generated.UNDECIDABLE[kind]}, alone=False)

    assert found.share <= generated.LIMIT, found.survived.most_common(5)


def test_harmless_names_are_neither_refused_nor_removed():
    refused, blanked, bare, _ = generated.harmless(150)

    assert (refused, blanked) == ([], [])
    assert {kind for kind, times in bare.items() if times} == {"MD5", "SHA-1", "SHA-256"}


@pytest.mark.parametrize(
    "text",
    [
        "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/x, Signature={}",
        "https://x.example/?X-Amz-Signature={}&x=1",
        "https://store.example/a?sv=2022&sig={}",
        "amqp://app:{}?w@mq.internal",
        "redis://:{}@cache.internal:6379/0",
        "Cookie: theme=dark; sid={}",
        "Set-Cookie: sid={}; Path=/",
        "X-Auth-Token: {}",
        "curl -u app:{} https://example.org",
        "curl --user 'app:{}' https://example.org",
        "mysql -h db -uroot -p{} shop",
        "redis-cli -h cache -a {} ping",
        "docker login -u app -p {}",
        "PGPASSWORD={} psql",
        "DB_PASSWORD_PROD={}",
        "machine db login app password {}",
        "app:{}@db.internal:5432/x",
        '<token value="{}"/>',
        "password&#61;{}",
        "密码是{}",
        "token:\n- {}",
        "TOKEN_FOR_MESSAGE={}",
        "the token: password is {}",
        "secret: name, secret: {}",
        "password is {}",
        "the passphrase was '{}'",
        "Passwort: {}",
        "Das Passwort lautet {}",
        "mot de passe : {}",
        "contraseña: {}",
        "contrasen\u0303a: {}",
        "hasło: {}",
        "пароль: {}",
        "密码：{}",
        "secret: |\n  {}\n",
        "db:\n  - password: >-\n      {}\n      more{}\nnext: 1",
        "- name: DB_PASSWORD\n  value: {}",
        '{{"Name": "DB_PASSWORD", "Type": "SecureString", "Value": "{}"}}',
        '{{"value": "{}", "name": "API_TOKEN"}}',
        "ParameterKey=DbPassword,ParameterValue={}",
        "<password>{}</password>",
        "<db:password type='x'>{}</db:password>",
        '<add key="ApiKey" value="{}"/>',
        "password%3D{}",
        "password%253D{}",
        "pаsswоrd: {}",
        "ｐａｓｓｗｏｒｄ： {}",
        "pass\u200bword={}",
        "&quot;password&quot;:&quot;{}&quot;",
        "&lt;password&gt;{}&lt;/password&gt;",
        '"{{\\"token\\":\\"{}\\"}}"',
        "api_key='{}",
        "clientSecret := `{}`",
    ],
)
def test_value_is_known_by_what_stands_before_it(text):
    said = redacted(text.replace("{}", KEY).replace("{{", "{").replace("}}", "}"))

    assert KEY not in said
    assert REMOVED in said


@pytest.mark.parametrize(
    "text",
    ["PIN: 4711", "the PIN is 4711", "otp 482913", "otp: 482913", "verification code: 48-29-13"],
)
def test_codes_are_removed(text):
    assert not re.search(r"\d", redacted(text))


@pytest.mark.parametrize(
    "text",
    [
        "token: <",
        "pass: 12",
        "secret: prod/db",
        "AuthorizationError: User: arn:aws:sts::123456789012:assumed-role/app/x is not authorized",
        "ExpiredToken: The security token included in the request is expired",
        "InvalidSignatureException: Signature expired: 20261124T020000Z is now earlier than that",
        "The password is invalid. Password: must have 8 characters",
        "RequestToken: 8f5a3c1e-1111-2222-3333-444455556666, HandlerErrorCode: AlreadyExists",
        "NextToken=aBcDeFgHiJkLmNoPqRsTuVwXyZ0123456789",
        "SecretArn: arn:aws:secretsmanager:eu-west-1:123456789012:secret:prod/db-a1B2c3",
        "arn:aws:lambda:eu-west-1:123456789012:function:password-reset:prod2024 is there",
        "arn:aws:secretsmanager:eu-west-1:123456789012:secret:token/db-a1B2c3 is not",
        '{"Sid":"ListFunctions","Effect":"Allow","Action":["lambda:ListFunctions"]}',
        "TOKEN_URL=https://example.org/oauth password_policy=strict",
        "password=${DB_PASSWORD} token={{resolve:secretsmanager:x}} secret=***",
        "Log stream 2026/11/24/[$LATEST]0123456789abcdef0123456789abcdef",
        "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=557abcec3ee5a047;Sampled=1",
        "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08 cannot be pulled",
        "MyStack-ProcessOrdersHandlerFunctionA1B2C3D4-aBcDeFgHiJkL already exists",
        "sam-app-HelloWorldFunction-1TY92IBX0BXTP, shop-sk-checkout-prod, password-reset:live",
        "com.amazonaws.services.cloudwatchlogs.model.InvalidParameterException",
        "https://host:8443/path?mail=bob@example.com",
        "bearer tokens are not accepted; use a Bearer token in the Authorization header",
        "eu-west-1, 2026-11-24T02:00:00Z, v0.15.3, /opt/sls-sdk-node/exec-wrapper.sh",
    ],
)
def test_sentences_and_names_stay(text):
    assert redacted(text) == text


@pytest.mark.parametrize("between", ["\n", " ", "\\n"])
@pytest.mark.parametrize(
    "kind", ["RSA PRIVATE KEY", "OPENSSH PRIVATE KEY", "PGP PRIVATE KEY BLOCK"]
)
def test_private_key_is_removed_as_a_whole(between, kind):
    body = [("QUJD" * 16)[n : n + 40] + "xy12" for n in range(3)]
    key = between.join([f"-----BEGIN {kind}-----", *body, "c2hvcnQ=", f"-----END {kind}-----"])

    assert redacted(f"It says {key} and fails") == f"It says {REMOVED} and fails"
    cut = redacted(key.partition(between)[2])
    assert "c2hvcnQ" not in cut
    assert "END" not in cut


@pytest.mark.parametrize("around", ["{}", "It says {}\nand fails", '"{}",', "x={}"])
def test_token_that_is_broken_over_lines_is_removed(around):
    first, second = "ghp_" + "a1B2" * 3, "c3D4" * 6

    said = redacted(around.format(f"{first}\n    {second}"))

    assert first not in said
    assert second not in said
    assert ("and fails" in said) == ("and fails" in around)


@pytest.mark.parametrize(
    "text", ["password=a1b2c3d4", "ghp_" + "a1B2" * 9, "It is " + "a1B2c3D4" * 5]
)
def test_what_would_be_removed_is_not_repeated_in_a_refusal(text):
    assert looks_secret(text)
    assert text not in shown(text)
    assert typed_secret(text)


def test_names_of_the_report_may_be_told():
    name = "0123456789abcdef0123456789abcdef"

    assert (
        redacted(f"{name} failed with {'a1B2' * 9}", keep=(name,))
        == f"{name} failed with {REMOVED}"
    )


def test_a_long_text_is_not_cut_within_a_secret():
    token = "ghp_" + "a1B2" * 9

    said = redacted("word " * 818 + token)

    assert "ghp_" not in said
    assert len(said) <= 4096


def test_each_kind_has_a_source_and_finds_what_has_its_mark():
    assert len(KINDS) >= 60
    assert len({kind.name for kind in KINDS}) == len(KINDS)
    for kind in KINDS:
        assert re.search(r"20\d\d-\d\d", kind.source), kind.name
    planted = [each.text for each in generated.secrets(len(generated.SHAPES))]
    assert sum(any(known_credentials(text)) for text in planted) >= 60


HOSTILE = (
    "a", "A1b", "/", "%25", "%2525", "\\u0041", "&amp;", " ", " \n", "\\\n", "=", ":", '"', "<a",
    "token", "token=", "password: |\n", "password:\n", "name: password ", "name=token;", "value=x,",
    "-----BEGIN A-----", "-----END A-----", "://a:b", "curl -u", "mysql ", "docker ", "--a-",
    "cookie:", "bearer ", "eyJa.", "AKIA", "xox", "sha256:", "request id", "\u0430", "\uff41",
    "\u200b", "a\u0301", "name: token, type: a, ", "Q: a, ", "zxqj\n", "'", "@", "://@",
)  # fmt: skip


@pytest.mark.parametrize("unit", HOSTILE)
def test_hostile_text_costs_little(unit):
    """A hundred thousand characters; a quadratic pattern takes minutes (T18)."""
    text = (unit * (100_000 // len(unit) + 1))[:100_000]
    began = time.process_time()

    redacted(text)
    typed_secret(text)

    assert time.process_time() - began < 1.0
