"""Fourteen ways of changing a function, and what must be said of each; for changes.py."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from bot.playground.account.trail import makers
from bot.playground.account.trail.composed import Composed, stack_started, template_of
from bot.playground.account.trail.makers import Maker
from checks.change import Actor, Means

REGION, HOME = "eu-west-1", "123456789012"
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Way:
    """How a change is made, and what must be said of it."""

    by: str
    actor: Actor
    how: Means
    maker: Maker
    stack: str | None = None
    provider: str | None = None
    started: Sequence[Composed] = ()
    tags: dict[str, str] = field(default_factory=dict)


Make = Callable[[str, datetime], Way]


def _role(name: str, how: Means, maker: Maker, **more: Any) -> Way:
    return Way(name, Actor.ROLE, how, maker, **more)


def _stacked(
    name: str, starter: Maker, how: Means, *, start: str, at: datetime, **more: Any
) -> Way:
    """A stack's update by `starter`, by name of a role."""
    stack = more.pop("stack")
    place, template = (HOME, REGION), more.pop("template", "")
    began = stack_started(start, starter, at - 2 * _MINUTE, place, stack, template)
    tags = {"aws:cloudformation:stack-name": stack, **more.pop("tags", {})}
    changer = more.pop("changer", makers.stack_of(starter))
    given = {"stack": stack, "started": (began,), "tags": tags, **more}
    return _role(name, how, changer, **given)


def _by_person(_: str, at: datetime) -> Way:
    """CloudFormation without a role of its own, started by a person."""
    person, stack = makers.in_console(makers.sso(HOME, "Release")), "shop-prod"
    way = _stacked("Release", person, Means.CLOUDFORMATION, start="UpdateStack", at=at, stack=stack)
    return replace(way, actor=Actor.PERMISSION_SET)


def _by_service_role(_: str, at: datetime) -> Way:
    starter, changer = makers.role(HOME, "pipeline"), makers.service_role(HOME, "cfn-exec")
    more = {"stack": "shop-prod", "changer": changer}
    return _stacked(
        "pipeline", starter, Means.CLOUDFORMATION, start="ExecuteChangeSet", at=at, **more
    )


def _by_serverless(provider: str | None = None) -> Make:
    def make(_: str, at: datetime) -> Way:
        starter = makers.role(HOME, "deploy-prod")
        if provider:
            starter = makers.by_oidc(HOME, "deploy-prod", "gitlab.com")
        more = {"stack": "shop-prod", "template": template_of("shop", "prod", at)}
        given = {"provider": provider, **more}
        return _stacked(
            "deploy-prod", starter, Means.SERVERLESS, start="UpdateStack", at=at, **given
        )

    return make


def _by_cdk(_: str, at: datetime) -> Way:
    named = f"cdk-hnb659fds-{{}}-role-{HOME}-{REGION}"
    starter = makers.role(HOME, named.format("deploy"))
    changer = makers.service_role(HOME, named.format("cfn-exec"))
    more = {"stack": "ShopStack", "changer": changer}
    return _stacked(
        named.format("deploy"), starter, Means.CDK, start="ExecuteChangeSet", at=at, **more
    )


def _by_sam(_: str, at: datetime) -> Way:
    starter, tags = makers.role(HOME, "sam-deploy"), {"lambda:createdBy": "SAM"}
    return _stacked(
        "sam-deploy",
        starter,
        Means.SAM,
        start="ExecuteChangeSet",
        at=at,
        stack="shop-sam",
        tags=tags,
    )


def _direct(name: str, how: Means, maker: Maker, **more: Any) -> Make:
    return lambda *_: _role(name, how, maker, **more)


_USER, _PERSON = makers.user(HOME), makers.sso(HOME, "Developers")
WAYS: dict[str, Make] = {
    "a user in the console": lambda *_: Way(
        "an IAM user", Actor.OTHER, Means.CONSOLE, makers.in_console(_USER)
    ),
    "a person in the console": lambda *_: Way(
        "Developers", Actor.PERMISSION_SET, Means.CONSOLE, makers.in_console(_PERSON)
    ),
    "the root user": lambda *_: Way("the root user", Actor.OTHER, Means.CONSOLE, makers.root(HOME)),
    "a user's key": lambda *_: Way("an IAM user", Actor.OTHER, Means.API, _USER),
    "a role": _direct("ops", Means.API, makers.role(HOME, "ops")),
    "CloudFormation": _by_person,
    "CloudFormation by its role": _by_service_role,
    "Serverless Framework": _by_serverless(),
    "Serverless Framework in a CI": _by_serverless("GitLab CI"),
    "one function by Serverless Framework": _direct(
        "deploy-dev", Means.SERVERLESS, makers.serverless(HOME, "deploy-dev")
    ),
    "Terraform": _direct("terraform", Means.TERRAFORM, makers.terraform(HOME, "terraform")),
    "CDK": _by_cdk,
    "SAM": _by_sam,
    "a CI": _direct("github", Means.CI, makers.by_oidc(HOME, "github"), provider="GitHub Actions"),
}
DIRECT = ("a person in the console", "a role", "Terraform", "a CI")
"""Ways in which something is deleted here."""
