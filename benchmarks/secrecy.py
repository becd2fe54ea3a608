"""
Generated secrets, wherever people type or paste them, and AWS's harmless names.

    python benchmarks/secrecy.py [SECRETS [NAMES]]

So many secrets (300) of the kinds below go to every place where something is typed or pasted and
to the AWS door, in every form: plain, quoted, in blocks, encoded, broken over lines, disguised. One
survives when six of its random characters in a row are shown or kept. Then so many names (2,000) as
AWS's tools make them are asked for, and told in a report and in AWS's own sentences. Prints the
figures; status 1 when more than 1 % of the secrets survive, or a name is refused by `function:` or
taken out. The whole bot is tried by canaries.py.
"""

from __future__ import annotations

import base64
import random
import re
import string
import sys
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from urllib.parse import quote

from bot.account_settings import checked_org
from bot.app.parser import Check, Say, wanted
from bot.aws.texts import plain, value
from bot.cli.function_options import answers_of
from bot.diagnosis.support_text import bundle
from bot.errors import SlsdiagError
from bot.target import checked_prefix, commands, parse
from bot.text.redaction import redacted
from checks.model import Overall
from checks.report import Report, Subject

LIMIT = 0.01
ALPHABETS = {
    "U": string.ascii_uppercase + string.digits,
    "A": string.ascii_letters + string.digits,
    "L": string.ascii_lowercase + string.digits,
    "W": string.ascii_letters + string.digits + "_-",
    "B": string.ascii_letters + string.digits + "+/",
    "D": string.digits,
    "H": string.hexdigits.lower()[:16],
    "X": string.hexdigits.upper()[:10] + "ABCDEF",
}
SHAPES: Mapping[str, str] = {
    "AWS access key": "AKIA{U16}", "AWS temporary key": "ASIA{U16}", "AWS secret key": "{B40}",
    "AWS session token": "IQoJb3JpZ2luX2Vj{B200}", "MWS": "amzn.mws.{H8}-{H4}-{H4}-{H4}-{H12}",
    "GitHub classic": "ghp_{A36}", "GitHub OAuth": "gho_{A36}", "GitHub app": "ghs_{A36}",
    "GitHub refresh": "ghr_{A36}", "GitHub fine": "github_pat_{A22}_{A59}",
    "GitLab personal": "glpat-{W20}", "GitLab deploy": "gldt-{W20}", "GitLab runner": "glrt-{W20}",
    "GitLab trigger": "glptt-{H40}", "Bitbucket": "ATBB{A32}", "Atlassian": "ATATT3{W180}",
    "npm": "npm_{A36}", "PyPI": "pypi-AgEIcHlwaS5vcmc{W100}", "RubyGems": "rubygems_{H48}",
    "Docker": "dckr_pat_{W27}", "Slack bot": "xoxb-{D12}-{D12}-{A24}",
    "Slack user": "xoxp-{D12}-{D12}-{D12}-{H32}", "Slack app": "xapp-1-A{U10}-{D13}-{H64}",
    "Slack webhook": "https://hooks.slack.com/services/T{U10}/B{U10}/{A24}",
    "Discord bot": "M{A23}.{A6}.{W27}", "Telegram": "{D10}:AA{W33}", "Google API": "AIza{W35}",
    "Google OAuth secret": "GOCSPX-{W28}", "Google access": "ya29.{W60}",
    "Google refresh": "1//0{W60}", "Azure AD": "{A3}8Q~{W34}", "Azure storage": "{B86}==",
    "SAS": "sv=2022-11-02&sp=r&sig={B43}%3D", "DigitalOcean": "dop_v1_{H64}",
    "Heroku": "HRKU-AA{W58}", "Terraform": "{A14}.atlasv1.{W67}", "Vault": "hvs.{W90}",
    "Doppler": "dp.pt.{A43}", "1Password": "A3-{U6}-{U11}-{U5}-{U5}-{U5}",
    "age": "AGE-SECRET-KEY-1{U58}", "PlanetScale": "pscale_pw_{W43}", "Databricks": "dapi{H32}",
    "Stripe": "sk_live_{A24}", "Stripe restricted": "rk_live_{A24}", "Stripe webhook": "whsec_{A32}",
    "Square": "sq0atp-{W22}", "Shopify": "shpat_{H32}", "Shippo": "shippo_live_{H40}",
    "SendGrid": "SG.{W22}.{W43}", "Sendinblue": "xkeysib-{H64}-{A16}", "Mailgun": "key-{H32}",
    "Mailchimp": "{H32}-us14", "Twilio": "SK{H32}", "Postman": "PMAK-{H24}-{H34}",
    "Notion": "ntn_{D11}{A35}", "Linear": "lin_api_{A40}", "Figma": "figd_{W40}",
    "New Relic": "NRAK-{U27}", "Grafana": "glsa_{A32}_{H8}", "Sentry": "sntryu_{H64}",
    "Dynatrace": "dt0c01.{U24}.{U64}", "OpenAI": "sk-{A48}", "OpenAI project": "sk-proj-{W74}",
    "Anthropic": "sk-ant-api03-{W93}AA", "Hugging Face": "hf_{A34}", "Groq": "gsk_{A52}",
    "Perplexity": "pplx-{A48}", "Replicate": "r8_{A37}", "JWT": "eyJhbGciOiJIUzI1NiJ9.{W40}.{W43}",
    "hex key": "{H32}", "hex hash key": "{H64}", "mixed key": "{A40}", "small key": "{L40}",
    "url-safe key": "{W43}", "database": "postgres://app:{A24}@db.internal/x",
    "broker": "amqp://app:{A12}?{A8}@mq.internal", "password of signs": "{A8}+=&{A8}!#{A6}",
}  # fmt: skip
UNDECIDABLE: Mapping[str, str] = {
    "UUID key": "{H8}-{H4}-{H4}-{H4}-{H12}",
    "short password": "{A10}",
    "digits": "{D16}",
}  # fmt: skip
"""They are like names and ids that are no secrets: known only by what stands before them."""

TYPED = (
    "{}", "{}:live", "checkout:{}", "checkout {}", "checkout eu-west-1 --account {}",
    "--account {} checkout", "triage {}", "history {}", "stop {}", "scan {}", "step {} checkout",
    "step wrapper_set {}", "digest daily 09:00 Europe/Berlin {}", "digest daily 09:00 {}",
    "digest daily {}", "digest weekly {} 09:00", "digest every {}", "digest now {}",
    "digest stop {}", "digest daily 09:00 quiet {}", "<@U0SLSDIAG> {}", "why is {} not there",
)  # fmt: skip
"""What follows /slsdiag, or is said to the bot; the picker and the windows' fields end there, too."""
NAMED = (
    "DB_PASSWORD={}", "password: '{}'", '{{"clientSecret": "{}"}}', "Authorization: Bearer {}",
    "Cookie: session={}; Path=/", "Set-Cookie: sid={}; HttpOnly", "X-Auth-Token: {}",
    "name: DB_PASSWORD\n  value: {}", '{{"name": "API_TOKEN", "value": "{}"}}',
    "<password>{}</password>", "password: |\n  {}\nuser: app", "secret: >-\n    {}\n",
    "curl -u app:{} https://example.org", "mysql -uroot -p{} shop", "tool --password {}",
    'Passwort: "{}"', "mot de passe = {}", "contraseña: '{}'", "the password is '{}'",
)  # fmt: skip
LATIN, CYRILLIC = "aceopxAEKMHOPCTX", "асеорхАЕКМНОРСТХ"
UNDISGUISED = str.maketrans(CYRILLIC, LATIN, "\u200b·")
PEM = "-----BEGIN PRIVATE KEY-----{0}{1}{0}{2}{0}-----END PRIVATE KEY-----"


@dataclass(frozen=True, slots=True)
class Secret:
    """One that was made, and the characters of it that must not be seen."""

    kind: str
    text: str
    parts: tuple[str, ...]

    def seen(self, text: str) -> bool:
        """Whether `text` holds six of its random characters in a row, disguised or not."""
        bare = unicodedata.normalize("NFKC", text).translate(UNDISGUISED)
        return any(
            part[at : at + 6] in bare for part in self.parts for at in range(max(1, len(part) - 5))
        )


def made(kind: str, shape: str, chance: random.Random) -> Secret:
    """Of this shape: {A24} are 24 characters of the alphabet A."""
    parts: list[str] = []

    def filled(match: re.Match[str]) -> str:
        part = "".join(chance.choices(ALPHABETS[match[1]], k=int(match[2])))
        parts.append(part)
        return part

    text = re.sub(r"\{([A-Z])(\d+)\}", filled, shape)
    return Secret(kind, text, tuple(each for each in parts if len(each) >= 6))  # noqa: PLR2004 - as seen


def secrets(count: int, shapes: Mapping[str, str] = SHAPES) -> Iterator[Secret]:
    """So many, of all kinds in turn, the same in every run."""
    chance, kinds = random.Random(13), list(shapes)  # noqa: S311 - planted
    for number in range(count):
        kind = kinds[number % len(kinds)]
        yield made(kind, shapes[kind], chance)


def forms(secret: Secret) -> Iterator[tuple[str, Secret]]:
    """As it may be pasted among other words. An encoded one is what must not be seen itself."""
    text, half = secret.text, len(secret.text) * 2 // 3
    yield "plain", _within(secret, f"It says {text} and fails.")
    yield "quoted", _within(secret, f'Error: bad key "{text}".')
    yield "in backquotes", _within(secret, f"I set `{text}` there")
    yield "in a list", _within(secret, f"[{text}, other]")
    yield "block", _within(secret, f"data: |\n  {text}\nmore: 1")
    yield "broken over lines", _within(secret, f"It says {text[:half]}\n  {text[half:]}\nand fails")
    yield "continued", _within(secret, f"KEY={text[:half]}\\\n    {text[half:]}")
    yield "zero-width", _within(secret, "\u200b".join((text[:2], text[2:half], text[half:])))
    yield "full width", _within(secret, "".join(map(_wide, text)))
    yield "Cyrillic", _within(secret, text.translate(str.maketrans(LATIN, CYRILLIC)))
    once = quote(text, safe="")
    yield "percent-encoded", _within(secret, f"https://example.org/?x={once}")
    yield "twice percent-encoded", _within(secret, f"x%253D{quote(once, safe='')}")
    encoded = base64.b64encode(text.encode()).decode()
    yield "base64", Secret(secret.kind, f"It says {encoded} and fails", (encoded.rstrip("="),))


def named(secret: Secret) -> Iterator[tuple[str, Secret]]:
    """Behind a name that says what it is."""
    for around in NAMED:
        yield around, _within(secret, around.format(secret.text))
    for around in NAMED[:3]:
        encoded = quote(around.format(secret.text), safe="")
        yield f"{around}, percent-encoded", _within(secret, encoded)
        disguised = around.translate(str.maketrans("aeo", "аео"))
        yield f"{around}, in look-alikes", _within(secret, disguised.format(secret.text))


def keys(count: int) -> Iterator[tuple[str, Secret]]:
    """Private keys, whole or in one line."""
    for number in range(count):
        chance = random.Random(number)  # noqa: S311 - planted
        body = made("PEM", "{B64} {B64} {B20}", chance)
        one, two, three = body.text.split(" ")
        for name, between in (("lines", "\n"), ("one line", " "), ("escaped", "\\n")):
            yield (
                f"PEM in {name}",
                _within(body, PEM.format(between, one, f"{two}{between}{three}")),
            )


def _within(secret: Secret, text: str) -> Secret:
    return Secret(secret.kind, text, secret.parts)


def _wide(character: str) -> str:
    return chr(ord(character) + 0xFEE0) if "!" <= character <= "~" else character


def _typed(text: str) -> str:
    """What is said to the requester, and what is kept: all that came of the words."""
    meaning = wanted(text)
    return (
        f"{meaning.text} {meaning.choices} {meaning.sought}"
        if isinstance(meaning, Say)
        else str(meaning)
    )


def _or_error(read: Callable[[str], object]) -> Callable[[str], str]:
    def tried(text: str) -> str:
        try:
            return str(read(text))
        except SlsdiagError as error:
            return str(error)

    return tried


def _answered(text: str) -> object:
    return answers_of([f"no_function_instrumentation_errors={text}"])


ON_THE_COMMAND_LINE: Mapping[str, Callable[[str], str]] = {
    "TARGET": _or_error(parse),
    "--account": _or_error(lambda text: parse("checkout", account=text)),
    "--prefix": _or_error(checked_prefix),
    "--org": _or_error(partial(checked_org, option="--org")),
}
PASTED: Mapping[str, Callable[[str], str]] = {
    "a window's field": redacted,
    "AWS's reason": plain,
    "a variable, tag or handler": value,
    "--answer": _or_error(_answered),
    "Diagnose": lambda text: str(commands(text)),
}


@dataclass
class Count:
    """How many were tried, and which survived where."""

    tried: int = 0
    survived: Counter[tuple[str, str, str]] = field(default_factory=Counter)

    def add(self, secret: Secret, text: str, place: str, form: str) -> None:
        """One try."""
        self.tried += 1
        if secret.seen(text):
            self.survived[(secret.kind, place, form)] += 1

    @property
    def share(self) -> float:
        """Of those tried, 0 to 1."""
        return self.survived.total() / self.tried


def typed(count: int, shapes: Mapping[str, str] = SHAPES) -> Count:
    """All places where something is typed."""
    found = Count()
    for secret in secrets(count, shapes):
        for spelled, form in ((secret.text, "plain"), (f'"{secret.text}"', "quoted")):
            for around in TYPED:
                found.add(secret, _typed(around.format(spelled)), around, form)
            for place, read in ON_THE_COMMAND_LINE.items():
                found.add(secret, read(spelled), place, form)
        broken = f"{secret.text[:-8]}\n{secret.text[-8:]}"
        found.add(secret, _typed(broken), "/slsdiag", "broken over lines")
        found.add(secret, _typed(quote(secret.text, safe="")), "/slsdiag", "percent-encoded")
    return found


def pasted(count: int, shapes: Mapping[str, str] = SHAPES, *, alone: bool = True) -> Count:
    """All places where something is pasted, and what AWS hands over."""
    found = Count()
    for secret in secrets(count, shapes):
        for form, disguised in [*(forms(secret) if alone else ()), *named(secret)]:
            for place, read in PASTED.items():
                found.add(disguised, read(disguised.text), place, form)
    for form, key in keys(max(1, count // 30)):
        for place, read in PASTED.items():
            found.add(key, read(key.text), place, form)
    return found


WORDS = [
    "order",
    "payment",
    "checkout",
    "user",
    "account",
    "invoice",
    "billing",
    "shipping",
    "cart",
    "catalog",
    "product",
    "search",
    "auth",
    "login",
    "token",
    "secret",
    "password",
    "session",
    "profile",
    "image",
    "resize",
    "upload",
    "stream",
    "process",
    "handler",
    "function",
    "worker",
    "queue",
    "event",
    "notify",
    "email",
    "webhook",
    "api",
    "resolver",
    "query",
    "sync",
    "export",
    "import",
    "report",
    "daily",
    "cleanup",
    "rotation",
    "reset",
    "custom",
    "resource",
    "provider",
    "bucket",
    "deployment",
    "retention",
    "stack",
    "shop",
    "core",
]
FRAMES = (
    'Resource handler returned message: "Function already exists: {0}" (RequestToken: {1}, '
    "HandlerErrorCode: AlreadyExists)",
    "The provided execution role does not have permissions on arn:aws:lambda:eu-west-1:123456789012"
    ":function:{0} (Service: Lambda, Status Code: 400, Request ID: {1})",
    "Could not deliver test message for {0}: log stream 2026/11/24/[$LATEST]{2}, Root=1-{3}-{4}",
    "Image 123456789012.dkr.ecr.eu-west-1.amazonaws.com/{0}@sha256:{2}{2} cannot be pulled",
    "s3://cdk-hnb659fds-assets-123456789012-eu-west-1/{2}{2}.zip of {0} is missing, RequestId: {1}",
)
"""As AWS writes; {0} is the function's own name, the others are made each time."""


def names(count: int) -> Iterator[tuple[str, str]]:
    """Kind and name, as the tools make them, and some that only look like tokens."""
    chance = random.Random(7)  # noqa: S311 - names

    def pick(alphabet: str, many: int) -> str:
        return "".join(chance.choices(ALPHABETS[alphabet], k=many))

    def camel(many: int) -> str:
        return "".join(word.capitalize() for word in chance.choices(WORDS, k=many))

    def words(many: int, between: str) -> str:
        return between.join(chance.choices(WORDS, k=many))

    kinds: Mapping[str, Callable[[], str]] = {
        "SAM": lambda: f"{words(2, '-')}-{camel(2)}Function-{pick('U', 12)}",
        "CDK": lambda: f"{camel(2)}Stack-{camel(3)}{pick('X', 8)}-{pick('A', 12)}",
        "CDK's own": lambda: f"{camel(1)}-CustomCDKBucketDeployment{pick('X', 32)}-{pick('A', 12)}",
        "Serverless": lambda: f"{words(2, '-')}-{chance.choice(['dev', 'prod'])}-{words(1, '')}",
        "Amplify": lambda: (
            f"amplify-{words(1, '')}-main-{pick('L', 13)}-{camel(2)}-{pick('A', 12)}"
        ),
        "64 characters": lambda: (camel(12) + pick("X", 64))[:64],
        "commit": lambda: f"{words(2, '-')}-{pick('H', 8)}",
        "snake": lambda: words(5, "_"),
        "like a token": lambda: f"{chance.choice(LIKE_TOKENS)}-{words(2, '-')}",
        "like a name of a secret": lambda: (
            f"{chance.choice(['password', 'token', 'api-key'])}-reset"
        ),
        "MD5": lambda: pick("H", 32),
        "SHA-1": lambda: pick("H", 40),
        "SHA-256": lambda: pick("H", 64),
        "request id": lambda: "-".join(pick("H", n) for n in (8, 4, 4, 4, 12)),
        "trace id": lambda: f"1-{pick('H', 8)}-{pick('H', 24)}",
    }
    for number in range(count):
        kind = list(kinds)[number % len(kinds)]
        yield kind, kinds[kind]()[:64]


LIKE_TOKENS = (
    "shop-sk",
    "sk",
    "ghp",
    "pat",
    "npm",
    "xoxo",
    "key",
    "hvs",
    "pk",
    "rk",
    "sdk",
    "AKIA",
)


def a_report(name: str) -> Report:
    """Of a function so called."""
    about = Subject(name, None, "eu-west-1", "123456789012", "nodejs20.x")
    now = datetime(2026, 11, 24, 2, tzinfo=UTC)
    saw = f"{name} was invoked."
    return Report(about, now, Overall.HEALTHY, None, None, saw, ())


def harmless(count: int) -> tuple[list[str], list[str], Counter[str], Counter[str]]:
    """Refused by `function:` or an ARN; blanked in a report; refused as bare words; all, by kind."""
    refused: list[str] = []
    blanked: list[str] = []
    bare: Counter[str] = Counter()
    tried: Counter[str] = Counter()
    chance = random.Random(5)  # noqa: S311 - ids
    for kind, name in names(count):
        tried[kind] += 1
        arn = f"arn:aws:lambda:eu-west-1:123456789012:function:{name}"
        for text in (f"function:{name}", f"function:{name}:live", arn, f"{arn}:live"):
            meaning = wanted(text)
            if not isinstance(meaning, Check) or meaning.target.name != name:
                refused.append(text)
        bare[kind] += not isinstance(wanted(name), Check)
        ids = [
            made("", shape, chance).text
            for shape in ("{H8}-{H4}-{H4}-{H4}-{H12}", "{H32}", "{H8}", "{H24}")
        ]
        framed = [frame.format(name, *ids) for frame in FRAMES]
        blanked += [text for text in framed if plain(text, (name,)) != " ".join(text.split())]
        blanked += [name for text in (bundle(a_report(name)),) if text.count(name) < 2]  # noqa: PLR2004 - name and summary
    return refused, blanked, bare, tried


def main() -> None:
    """Print all figures."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    many = int(sys.argv[2]) if len(sys.argv) > 2 else 2_000  # noqa: PLR2004 - arguments
    failed = False
    print(f"{count} secrets of {len(SHAPES)} kinds")
    for what, found in (("typed", typed(count)), ("pasted or from AWS", pasted(count))):
        print(f"{what}: {found.survived.total()} of {found.tried} survived ({found.share:.2%})")
        for (kind, place, form), times in found.survived.most_common(20):
            print(f"    {times} × {kind}, {form!r}, in {place!r}")
        failed |= found.share > LIMIT
    print("undecidable by themselves, found behind a name:")
    for kind, shape in UNDECIDABLE.items():
        alone, behind = typed(20, {kind: shape}), pasted(20, {kind: shape}, alone=False)
        print(f"    {kind}: typed {alone.share:.0%} survive, behind a name {behind.share:.1%}")
        for (_, place, form), times in behind.survived.most_common(3):
            print(f"        {times} × {form!r}, in {place!r}")
    refused, blanked, bare, tried = harmless(many)
    print(f"{many} names: {len(refused)} refused by function: or ARN, {len(blanked)} blanked")
    for each in [*refused[:5], *blanked[:5]]:
        print(f"    {each}")
    shares = ", ".join(f"{kind} {bare[kind]} of {number}" for kind, number in tried.items())
    print(f"refused as a bare word: {bare.total()} ({shares})")
    sys.exit(failed or bool(refused or blanked))


if __name__ == "__main__":
    main()
