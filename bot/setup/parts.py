"""
What each part of an installation takes, as text: `slsdiag setup` shows it between its questions.

A paragraph is one line; a line that begins with two blanks is to be copied and never broken.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from enum import StrEnum

from bot.organization_settings import READER_NAME
from bot.serving_settings import Mode
from bot.setup.roles import BOT_NAME
from bot.slack.manifest import PLACEHOLDER, document

NEW_APP = "https://api.slack.com/apps?new_app=1"
EXAMPLE_ACCOUNT = "111122223333"
EXAMPLE_BOT = f"arn:aws:iam::123456789012:role/{BOT_NAME}"


class Part(StrEnum):
    """In the order in which they are done."""

    SLACK = "slack"
    AWS = "aws"
    ACCOUNTS = "accounts"
    STORE = "store"
    CHANNELS = "channels"
    CONFIG = "config"


def manifest(mode: Mode, address: str = PLACEHOLDER) -> str:
    """What Slack's page takes."""
    return json.dumps(document(mode, address), indent=2)


def slack(mode: Mode) -> str:
    """How to create the app, and where its tokens are."""
    last = _FIFTH_FOR_SOCKETS if mode is Mode.SOCKET else _FIFTH_FOR_HTTP
    return f"{_APP}\n{last}"


_APP = f"""\
1. Open this page, choose "From a manifest", choose the workspace and click Next:
   {NEW_APP}
2. Choose JSON, replace everything there with the manifest, click Next, then Create.
3. Open "Install App" on the left, click "Install to …", then Allow. Where the workspace approves apps, an admin \
approves it first.
4. Open "OAuth & Permissions" and copy the Bot User OAuth Token. It begins with xoxb- and is SLACK_BOT_TOKEN."""
_FIFTH_FOR_SOCKETS = """\
5. Open "Basic Information", go to App-Level Tokens, click "Generate Token and Scopes", add the scope \
connections:write, click Generate and copy the token. It begins with xapp- and is SLACK_APP_TOKEN."""
_FIFTH_FOR_HTTP = """\
5. Open "Basic Information", go to App Credentials, show the Signing Secret and copy it. It is SLACK_SIGNING_SECRET.
6. Once the bot runs, open "Event Subscriptions" and let Slack verify the Request URL."""


def bots_role(policy: str) -> str:
    """How to deploy the bot's own role; `policy` are the words that print it."""
    return f"""\
The bot runs as a role of its own. It only reads. With credentials that may create roles in the bot's account:

  slsdiag policy --role bot {policy} --format cloudformation > {BOT_NAME}.yaml
  {_deploy(BOT_NAME)}

For Terraform, print it with --format terraform. On EC2 or EKS, the head of the file says what to add. If you run the \
bot with credentials that you have, give them this policy."""


def readers_role(account: str, bot: str, external_id: str) -> str:
    """How to deploy the reader role of one other account."""
    return f"""\
The bot reads the account {account} by a role there, which trusts only the bot's role. Create the bot's role first. \
Then, with credentials of the account {account}:

  slsdiag policy --role reader --bot-role {bot} --format cloudformation > {READER_NAME}.yaml
  {_deploy(READER_NAME)} --parameter-overrides ExternalId={external_id}"""


def _deploy(name: str) -> str:
    return (
        f"aws cloudformation deploy --stack-name {name} --template-file {name}.yaml "
        "--capabilities CAPABILITY_NAMED_IAM"
    )


_EXTERNAL_ID = """\
Make up an external id for each account, a long random text:

  EXTERNAL_ID=$(openssl rand -hex 20)"""
_IN_THE_SETTINGS = f"""\
In the settings file:

  [accounts.prod]
  role_arn = "arn:aws:iam::{EXAMPLE_ACCOUNT}:role/{READER_NAME}"
  external_id = "env:EXTERNAL_ID"

More accounts in one organization: slsdiag policy --role reader --format stackset."""
STORE = """\
The bot keeps requests, waits, digests and messages in a store.

1. Its own: nothing to install, for one machine. It writes each change to disk before it answers, into the state folder.
2. Redis or Valkey, 6.2 or later, for more than one process: cluster mode off, maxmemory-policy noeviction, appendonly \
yes. On another machine it needs TLS and a password.

What a store forgets, the bot forgets: open waits, digests and messages that were not sent. Reports can be made again."""
CHANNELS = """\
The bot answers where it is a member. In each channel, type:

  /invite @slsdiag

A channel's id begins with C: click the channel's name; the id is at the end of the window. Where an account lists \
channels, only those may see it; else every channel may."""


def example(mode: Mode) -> str:
    """A settings file to fill in."""
    second = "slack_app_token" if mode is Mode.SOCKET else "slack_signing_secret"
    how = "" if mode is Mode.SOCKET else 'mode = "http"\n'
    return _EXAMPLE.replace("SECOND", f'{how}{second} = "env:{second.upper()}"')


_EXAMPLE = f"""\
# The settings of slsdiag: slsdiag serve --config slsdiag.toml
# A key is a setting's name in lower case, without SLSDIAG_. What the environment sets comes first.
# Secrets only as references: env:NAME, file:PATH or secretsmanager:ARN.

slack_bot_token = "env:SLACK_BOT_TOKEN"
SECOND

aws_region = "eu-west-1"
# regions = ["us-east-1"]  # other regions to search
# org_id = "…"  # the org of Serverless Framework that you expect

# Without an address the bot starts a store of its own.
# redis_url = "env:REDIS_URL"

# [accounts.prod]
# role_arn = "arn:aws:iam::{EXAMPLE_ACCOUNT}:role/{READER_NAME}"
# external_id = "env:EXTERNAL_ID"
# channels = ["C0123ABCD"]  # only these may see it; all, without this line
"""


def printed(part: Part, mode: Mode, address: str) -> str:
    """A part without questions, with examples for what only the reader knows."""
    match part:
        case Part.SLACK:
            return f"{slack(mode)}\n\nThe manifest:\n\n{manifest(mode, address)}"
        case Part.AWS:
            return bots_role(f"--account {EXAMPLE_ACCOUNT}")
        case Part.ACCOUNTS:
            commands = readers_role(EXAMPLE_ACCOUNT, EXAMPLE_BOT, "$EXTERNAL_ID")
            return f"{_EXTERNAL_ID}\n\n{commands}\n\n{_IN_THE_SETTINGS}"
        case Part.STORE:
            return STORE
        case Part.CHANNELS:
            return CHANNELS
        case Part.CONFIG:
            return example(mode).rstrip("\n")


def laid_out(text: str, width: int | None) -> Sequence[str]:
    """The lines for a terminal of that width; None for a pipe, where lines are left as they are."""
    from textwrap import wrap  # noqa: PLC0415 - only a terminal needs it

    lines: list[str] = []
    for line in text.split("\n"):
        if width is None or line.startswith("  ") or not line:
            lines.append(line)
        else:
            indent = " " * 3 if line[:2].rstrip(".").isdigit() else ""
            lines += wrap(
                line,
                width,
                subsequent_indent=indent,
                break_long_words=False,
                break_on_hyphens=False,
            )
    return lines
