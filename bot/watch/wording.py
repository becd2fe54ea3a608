"""Who made a deployment and how, in words. Nothing private comes this far (bot/aws/trail)."""

from __future__ import annotations

from bot.watch.model import Deploy
from checks.change import Changed, Means, way


def author(deploy: Deploy) -> str:
    """As "role deploy-prod (CloudFormation, stack orders-prod)"; empty where nothing is known."""
    means = means_of(deploy)
    if not deploy.by:
        return means
    return f"{deploy.by} ({means})" if means else deploy.by


def means_of(deploy: Deploy) -> str:
    """As "CloudFormation, stack orders-prod"; empty where it is not known."""
    if not (deploy.how or deploy.stack):
        return ""
    how = Means(deploy.how) if deploy.how else Means.CLOUDFORMATION
    changed = Changed(None, how=how, stack=deploy.stack or None, provider=deploy.provider or None)
    return way(changed)
