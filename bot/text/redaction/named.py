"""
Values that are secret because of the name before them: `password=`, `--token`, `<secret>`.

What may be a value is judged by its separator: what is assigned with `=` is a value; after a
colon or "is" there may be a sentence ("token: <", "password is invalid"), so there it must look
like one, or be in quotes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.text.redaction.kinds import Span

_STRONG = (
    r"pass(?:w[o0]rd|wd|phrase|wort|code)|kennwort|pwd|pword|mot[ _-]?de[ _-]?passe|contrasena|senha"
    r"|parola|haslo|wachtwoord|losenord|adgangskode|salasana|heslo|пароль|密码|密碼|パスワード|비밀번호"
)
_WEAK = (
    r"secret|token|credentials?|authorization|signature|signing[ _-]?key|sharedaccesskey|accountkey"
    r"|(?:api|access|private|encryption|master|license|auth|account|client|session|service|storage"
    r"|subscription|deploy|webhook|server|admin|root|ssh|hmac|jwt)[ _-]?key(?![a-z])"
    r"|(?<![a-z])(?:auth|bearer|jwt|sig|mdp|clave|passe|csrf|xsrf)(?![a-z])"
    r"|(?-i:\b[Pp]ass\b|[_-]pass\b|[a-z]Pass\b|PASS\b)|(?<![a-z])pw(?![a-z])"
)
_CODES = (
    r"(?<![a-z])(?:pin|otp|totp|tan|puk|cvv|cvc|2fa|mfa)(?![a-z])(?:[ _-]?(?:code|number))?"
    r"|(?:verification|one[ -]?time|login|security)[ _-]?code"
)
_SUFFIX = r"(?P<suffix>[\w.-]{0,40}?)"
_SEPARATOR = (
    r"\\{0,4}[\"'`\])]{0,2}\s{0,4}(?P<by>:=|=>|->|={1,3}|:(?!:)|[是为為は]|\s"
    r"(?:is now|is|was|ist|war|lautet|est|es|to)\b:?)\s{0,8}(?:-\s{1,4})?"
)
_SCHEME = r"(?P<scheme>(?:bearer|basic|token|digest|apikey|negotiate|aws4-hmac-sha256)\s{1,4})?"
_VALUE = r"(?P<value>\\{0,4}\"[^\"]{0,2000}\"?|\\{0,4}'[^']{0,2000}'?|`[^`]{0,2000}`?|[^\s\"'`]\S{0,2000})"
NAME = rf"(?:(?P<strong>{_STRONG})|(?P<weak>{_WEAK})|(?P<code>{_CODES}))"
_ASSIGNED = re.compile(rf"{NAME}{_SUFFIX}{_SEPARATOR}{_SCHEME}{_VALUE}", re.IGNORECASE)
_CODE_BESIDE = re.compile(rf"(?:{_CODES})\s{{1,4}}(?P<value>\d(?:[ -]?\d){{3,9}})", re.IGNORECASE)
_BESIDE = re.compile(
    rf"(?:{_STRONG}|{_WEAK})\s{{1,4}}(?=[a-z]{{0,20}}\d|\d{{1,20}}[a-z])(?P<value>[A-Za-z0-9]{{8,80}})(?![\w./:-])",
    re.IGNORECASE,
)
_OPTION = re.compile(
    rf"(?<!\S)--?(?:\w{{1,30}}-){{0,4}}{NAME}{_SUFFIX}\s{{1,4}}(?!-){_VALUE}", re.IGNORECASE
)
_ELEMENT = re.compile(
    rf"<(?:\w{{1,30}}[:.]){{0,2}}[\w-]{{0,30}}?{NAME}{_SUFFIX}(?:\s[^<>]{{0,200}})?>"
    r"(?P<value>[^<>]{1,2000})(?=</|$)",
    re.IGNORECASE,
)
_ATTRIBUTE = re.compile(
    rf"<[\w:.-]{{0,40}}?(?:{_STRONG}|{_WEAK})[\w.-]{{0,20}}\s[^<>]{{0,200}}?value=[\"'](?P<value>[^\"'<>]{{1,400}})",
    re.IGNORECASE,
)
_NAMED_KEY = (
    r"(?:name|key|id|parameter(?:key|name)|field|attribute|variable)[\"']?\s{0,4}[:=]\s{0,4}"
    rf"[\"']?[\w.-]{{0,40}}?{NAME}[\w.-]{{0,40}}[\"']?[\s,;]{{1,40}}"
)
_BETWEEN = r"(?:(?:-\s{0,9})?[\"']?\w{1,20}[\"']?\s{0,4}[:=]\s{0,4}[\"']?[\w./-]{1,60}[\"']?[\s,;]{1,40}){0,2}"
_VALUE_KEY = (
    r"(?:-\s{0,9})?[\"']?(?:parameter)?(?:value|val|content|default)[\"']?\s{0,4}[:=]\s{0,4}"
)
_PAIR = re.compile(rf"{_NAMED_KEY}{_BETWEEN}{_VALUE_KEY}{_VALUE}", re.IGNORECASE)
_REVERSED = re.compile(
    r"[\"']?(?:parameter)?value[\"']?\s{0,4}[:=]\s{0,4}(?P<value>\"[^\"]{1,500}\"|'[^']{1,500}'|[^\s,;]{1,500})"
    r"[\s,;]{1,40}[\"']?(?:name|key|parameterkey)[\"']?\s{0,4}[:=]\s{0,4}[\"']?[\w.-]{0,40}?"
    rf"{NAME}",
    re.IGNORECASE,
)
_NO_VALUE_WORD = re.compile(
    r"s?(?:errors?|exceptions?|arns?|ids?|names?|types?|polic(?:y|ies)|lengths?|expir\w*|ttl|age"
    r"|rotat\w*|ur[il]s?|endpoint|counts?|limits?|required|enabled|disabled|files?|paths?|versions?"
    r"|provider|manager|stores?|status|mode|format|pattern|ref|kind|groups?|fields?|reset|handler"
    r"|function|lambda|worker|authorizer|validator|generator|refresh\w*|table|queue|topic|bucket)",
    re.IGNORECASE,
)
"""The last word of a name that is about a secret, and holds none: token_url, passwordPolicy."""
_LAST_WORD = re.compile(r"(?:[A-Z]?[a-z]+|[A-Z]+|\d+)$")
_NO_SECRET_BEFORE = re.compile(
    r"(?:request|next|continuation|pagina\w{1,6}|page|starting|idempotency|public|cancellation|un)[ _-]?$",
    re.IGNORECASE,
)
_PLAIN_VALUE = re.compile(
    r"arn:.*|\$\{[^}]*\}.*|\$\([^)]*\).*|\$[A-Z_][A-Z0-9_]*|%[A-Z_]+%|\{\{.*|<[^<>]*>?|\*+|[\[({]"
    r"|\[removed\].*|(?:none|null|nil|true|false|undefined|unset|empty|yes|no|n/a)[.,;)\]}]*"
    r"|[a-z]{2}(?:-[a-z]+){1,3}-\d[a-z]?[.,;]*|\d{4}-\d\d-\d\d.*|v?\d+(?:\.\d+)+[.,;]*|https?://.*|/[\w./-]*",
    re.IGNORECASE | re.DOTALL,
)
_STATES = re.compile(
    r"(?:invalid|incorrect|wrong|missing|required|expired|must|should|cannot|is|not|the|a|an|has|was|does"
    r"|may|unknown|hidden|changed|reset|failed|denied|rejected|default|too|and|or|in|for|of|to|from)\W*",
    re.IGNORECASE,
)
_ARN = re.compile(r"\barn:aws[a-z-]{0,12}:[^\s\"'<>,;]{1,400}")
_WORD_SIGNS = frozenset("!@#$%^&*+=~?|")
_LEAST, _LEAST_ASSIGNED, _LEAST_CODE = 6, 3, 4


def named_values(text: str) -> Iterator[Span]:
    """Where values stand whose name says that they are secret."""
    yield from _all_assigned(text)
    for pattern in (_OPTION, _ELEMENT, _PAIR):
        for match in pattern.finditer(text):
            if _named(match) and not _PLAIN_VALUE.fullmatch(match["value"].strip("\"'\\")):
                yield match.span("value")
    for pattern in (_ATTRIBUTE, _REVERSED, _CODE_BESIDE, _BESIDE):
        yield from (match.span("value") for match in pattern.finditer(text))


def _all_assigned(text: str) -> Iterator[Span]:
    """What is no value may be a name itself: "the token: password is …"."""
    arns = [match.span() for match in _ARN.finditer(text)]
    at = 0
    while match := _ASSIGNED.search(text, at):
        within = next((end for begin, end in arns if begin <= match.start() < end), None)
        if within:
            at = within
        elif _named(match) and _assigned(match):
            yield match.span("value")
            at = match.end()
        else:
            at = match.start("value")


def _named(match: re.Match[str]) -> bool:
    """Whether the name is that of a secret, and not of something about one: token_url."""
    before = match.string[max(0, match.start() - 24) : match.start()]
    if _NO_SECRET_BEFORE.search(before) and not match["strong"]:
        return False
    last = _LAST_WORD.search(match.groupdict().get("suffix") or "")
    return not (last and _NO_VALUE_WORD.fullmatch(last[0]))


def _assigned(match: re.Match[str]) -> bool:
    value, by = match["value"].lstrip("\\"), match["by"].strip()
    inner = value.strip("\"'`\\")
    if _PLAIN_VALUE.fullmatch(inner) or not any(map(str.isalnum, inner)):
        return False
    if match["scheme"]:
        return True
    if value[0] in "\"'`" or (by != ":" and not by[0].isalpha()):
        return len(inner) >= _LEAST_ASSIGNED
    return _likely(inner.rstrip(".,;)]}"), match, spoken=by != ":")


def _likely(value: str, match: re.Match[str], *, spoken: bool) -> bool:
    """Whether a bare word after a colon or "is" is a value, and not the next word of a sentence."""
    digits = sum(map(str.isdigit, value))
    if match["code"]:
        return digits >= _LEAST_CODE and len(value.replace("-", "")) <= 2 * digits
    if mixed(value) or (value.isdigit() and digits >= _LEAST):
        return True
    spaced = match.string[match.end("by") : match.start("value")].isspace()
    whole = match["strong"] and not match["suffix"] and not spoken and spaced
    return bool(whole) and len(value) >= _LEAST_CODE and not _STATES.fullmatch(value)


def mixed(value: str) -> bool:
    """Six or more, letters among digits or signs."""
    kinds = any(map(str.isalpha, value)), any(c.isdigit() or c in _WORD_SIGNS for c in value)
    return len(value) >= _LEAST and all(kinds)
