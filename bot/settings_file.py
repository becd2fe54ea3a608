"""
The settings file that `--config` names: TOML → variables, as the environment would hold them.

A key is a setting's name in lower case, without SLSDIAG_; a setting whose name has no such prefix keeps
its whole name (`slack_bot_token`, `redis_url`, `aws_region`). Lists and tables are written as TOML has
them. Secrets stand in the file only as references, and no refusal repeats a value.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from bot.account_settings import FIELDS
from bot.errors import UsageError
from bot.settings import NAMES, PREFIX
from bot.target import closest, shown
from bot.text.redaction import token_like

Document = Mapping[str, Any]
"""Values as TOML has them, by the variable that each stands for."""
SECRETS = frozenset({"SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET"})
OF_A_BOT = SECRETS | {"REDIS_URL"}
"""What only a bot, its workers and their doctor need."""
_AWS = frozenset({"AWS_REGION", "AWS_PROFILE", "AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"})
STANDARD = OF_A_BOT | _AWS | {"AWS_CA_BUNDLE", "AWS_ENDPOINT_URL", "SLACK_API_URL"}
"""Variables without our prefix that a file may hold."""
KEYS = {name.lower(): name for name in STANDARD} | {name.lower(): PREFIX + name for name in NAMES}
LIMITS = PREFIX + "LIMITS"
KINDS = ("env:", "file:", "secretsmanager:")
MAY_REFER = "external_id"
"""Within a table; AWS does not treat it as a secret (IAM User Guide, "The confused deputy problem")."""
REFERENCES = "env:NAME, file:PATH or secretsmanager:ARN"
SECRET_ARN = re.compile(
    r"arn:aws[a-z-]*:secretsmanager:(?P<region>[a-z0-9-]+):[0-9]{12}:secret:"
    r"[\w/+=.@-]{1,512}-[A-Za-z0-9]{6}",
    re.ASCII,
)
"""The whole one, with the six characters that Secrets Manager adds: the bot's role is allowed no other."""
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)
_PLACE = re.compile(r"line \d+, column \d+|end of document")
_PLAIN = re.compile(r"[\w.-]{1,100}", re.ASCII)


def read(path: Path) -> Document:
    """The file's settings; a UsageError for what cannot be read, no setting, or a secret itself."""
    try:
        text = path.read_text("utf-8-sig")
        document = tomllib.loads(text)
    except OSError as error:
        raise UsageError(
            f"The settings file {shown(str(path))} cannot be read: {error.strerror}."
        ) from None
    except UnicodeDecodeError:
        raise UsageError(f"The settings file {shown(str(path))} is not UTF-8 text.") from None
    except tomllib.TOMLDecodeError as error:
        place = _PLACE.search(str(error))
        where = f" ({place[0]})" if place else ""
        raise UsageError(f"The settings file {shown(str(path))} is not TOML{where}.") from None
    _refuse_unknown(document)
    named = {KEYS[name]: value for name, value in document.items()}
    for key, value in _texts(document):
        _refuse_secret(key, value)
    return named


def _refuse_unknown(document: dict[str, Any]) -> None:
    accounts = document.get("accounts")
    entries = accounts.values() if isinstance(accounts, dict) else ()
    for keys, known in ((document, KEYS), *((entry, FIELDS) for entry in entries)):
        for key in keys if isinstance(keys, dict) else ():
            if key not in known:
                close = closest(key.lower().removeprefix(PREFIX.lower()), known, 1)
                asks = f" Did you mean {close[0]}?" if close else ""
                raise UsageError(f"{shown(key)} in the settings file is no setting.{asks}")


def _texts(value: Any, place: str = "") -> Iterator[tuple[str, str]]:
    """Each text with the keys that lead to it; refuses what the environment could not hold."""
    match value:
        case str():
            yield place, value
        case dict():
            for key, inner in value.items():
                yield from _texts(inner, f"{place}.{key}".removeprefix("."))
        case list():
            for inner in value:
                yield from _texts(inner, place)
        case int() | float() if not isinstance(value, bool):
            return
        case _:
            raise UsageError(f"{_named(place)} must be text, a number, a list or a table.")


def _refuse_secret(place: str, text: str) -> None:
    must_refer = KEYS.get(place) in SECRETS
    if refers(place) and text.startswith(KINDS):
        return
    if must_refer or token_like(text) or holds_password(text):
        raise UsageError(
            f"{_named(place)} must be a reference, as {REFERENCES}: a secret itself does not belong "
            "in the file."
        )


def refers(place: str) -> bool:
    """Whether a reference may stand there; elsewhere such a text is an ordinary one."""
    return KEYS.get(place) in OF_A_BOT or place.endswith(f".{MAY_REFER}")


def holds_password(text: str) -> bool:
    """Whether `text` is an address with a password in it."""
    try:
        parts = urlsplit(text)
        return bool(parts.scheme and (parts.password or parse_qs(parts.query).get("password")))
    except ValueError:
        return False


def _named(place: str) -> str:
    shown_place = place if _PLAIN.fullmatch(place) else place.partition(".")[0]
    return f"{shown_place} in the settings file"


def secret_arns(document: Document) -> tuple[str, ...]:
    """What the bot's role must be allowed to read, each once."""
    keyed = {name.removeprefix(PREFIX).lower(): value for name, value in document.items()}
    found = {
        _arn(place, text): None
        for place, text in _texts(keyed)
        if refers(place) and text.startswith(KINDS[2])
    }
    return tuple(found)


def with_placeholders(document: Document) -> Mapping[str, str]:
    """The variables, each reference replaced by the same text: for who must not look any up."""
    return {
        name: variable(name, value, lambda *_: KINDS[0] * 4) for name, value in document.items()
    }


def variable(name: str, value: Any, resolve: Callable[[str, str], str]) -> str:
    """The value as the variable would hold it; `resolve` gets each reference, and where it stands."""
    settled = _resolved(name.removeprefix(PREFIX).lower(), value, resolve)
    match settled:
        case dict() if name == LIMITS:
            return ",".join(f"{key}={most}" for key, most in settled.items())
        case dict():
            return json.dumps(settled)
        case list():
            return ",".join(map(str, settled))
    return str(settled)


def _resolved(place: str, value: Any, resolve: Callable[[str, str], str]) -> Any:
    match value:
        case dict():
            return {
                key: _resolved(f"{place}.{key}", inner, resolve) for key, inner in value.items()
            }
        case str() if refers(place) and value.startswith(KINDS):
            return resolve(place, value)
    return value


def looked_up(
    place: str,
    reference: str,
    folder: Path,
    environment: Mapping[str, str],
    secret: Callable[[str, str], str],
) -> str:
    """
    What a reference stands for; a UsageError where there is nothing.

    A path that does not begin with / or ~ begins at `folder`, the settings file's own. `secret` gives
    the text of a secret, by the place and its ARN.
    """
    kind, _, rest = reference.partition(":")
    match kind:
        case "env":
            found = environment.get(rest, "") if _VARIABLE.fullmatch(rest) else ""
            why = "that variable is not set"
        case "file":
            found, why = _of_file(place, folder, rest), "that file is empty"
        case _:
            found, why = secret(place, _arn(place, reference)), "that secret has no text"
    if not found.strip():
        raise UsageError(f"{_named(place)} is a reference, and {why}.")
    return found.strip()


def _of_file(place: str, folder: Path, name: str) -> str:
    try:
        return (folder / Path(name).expanduser()).read_text()
    except UnicodeDecodeError:
        why = "it is not text"
    except RuntimeError:  # of expanduser
        why = "there is no such home folder"
    except OSError as error:
        why = error.strerror or type(error).__name__
    raise UsageError(f"{_named(place)} is a reference, and that file cannot be read: {why}.")


def _arn(place: str, reference: str) -> str:
    arn = reference.partition(":")[2]
    if not SECRET_ARN.fullmatch(arn):
        raise UsageError(
            f"{_named(place)}: secretsmanager: takes a secret's whole ARN, with the six characters "
            "at its end."
        )
    return arn
