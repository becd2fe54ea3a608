"""What plugins of Serverless Framework do to functions while it packages a service."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from checks.facts.fact import Certainty, Fact


@dataclass(frozen=True, slots=True)
class Plugin:
    """What one adds to each function of a language that it knows."""

    name: str
    version: str
    """The one that was tried or read; others may differ."""
    layers: tuple[str, ...] = ()
    """Names, as far as they are the same for each language."""
    node_handler: str | None = None
    python_handler: str | None = None
    variables: int = 0
    """Bytes of environment variables."""
    filters: int = 0
    """Subscription filters on the function's log group."""
    settings: str = "custom"
    """Below custom, where its own settings stand."""
    only_if: str | None = None
    """The switch among its settings (or of a function) without which it adds nothing of this."""
    unless: str | None = None
    """The switch that, set to false, keeps it from adding anything."""
    publishes_by: str | None = None
    """A function's setting by which it sends traffic to a published version."""


PLUGINS: Fact[tuple[Plugin, ...]] = Fact(
    "What plugins of Serverless Framework add to functions at package time",
    (
        Plugin(
            "serverless-plugin-datadog",
            "5.134.1",
            layers=("Datadog-Library", "Datadog-Extension"),
            node_handler="/opt/nodejs/node_modules/datadog-lambda-js/handler.handler",
            python_handler="datadog_lambda.handler.handler",
            variables=293,
            settings="datadog",
            unless="enabled",
        ),
        Plugin(
            "serverless-lumigo",
            "1.14.6",
            layers=("lumigo-tracer",),
            node_handler="lumigo-auto-instrument.handler",
            python_handler="/opt/python/lumigo_tracer._handler",
            variables=120,
            settings="lumigo",
            only_if="useLayers",
        ),
        Plugin("serverless-sentry", "2.5.3", variables=200, settings="sentry"),
        Plugin(
            "serverless-newrelic-lambda-layers",
            "5.4.0",
            layers=("NewRelic",),
            node_handler="newrelic-lambda-wrapper.handler",
            python_handler="newrelic_lambda_wrapper.handler",
            variables=400,
            settings="newRelic",
        ),
        Plugin(
            "serverless-plugin-lambda-insights",
            "2.0.0",
            layers=("LambdaInsightsExtension",),
            settings="lambdaInsights",
            only_if="defaultLambdaInsights",
        ),
        Plugin("serverless-log-forwarding", "4.0.0", filters=1, settings="logForwarding"),
        Plugin(
            "serverless-plugin-log-subscription", "2.2.1", filters=1, settings="logSubscription"
        ),
        Plugin("serverless-plugin-canary-deployments", "0.8.0", publishes_by="deploymentSettings"),
    ),
    "packaged with osls 4.3.1 and Serverless Framework 3.40.0, or read in the plugin's own code (New "
    "Relic's wants a network); the bytes are rounded",
    Certainty.TRIED,
)

ADD_VARIABLES: Fact[Mapping[str, str]] = Fact(
    "Plugins that add environment variables of which a serverless.yml does not say which",
    {
        "serverless-dotenv-plugin": "those of .env files, which lint does not read",
        "serverless-plugin-git-variables": "the state of Git, where a service asks for it",
    },
    "the plugins' documents",
    Certainty.FROM_MEMORY,
)
HARMLESS: Fact[frozenset[str]] = Fact(
    "Plugins that change neither layers, variables, handlers nor subscription filters of functions",
    frozenset(
        {
            "serverless-add-api-key",
            "serverless-api-compression",
            "serverless-api-gateway-caching",
            "serverless-api-gateway-throttling",
            "serverless-apigateway-log-retention",
            "serverless-apigateway-service-proxy",
            "serverless-apigw-binary",
            "serverless-appsync-plugin",
            "serverless-appsync-simulator",
            "serverless-associate-waf",
            "serverless-auto-swagger",
            "serverless-aws-documentation",
            "serverless-better-credentials",
            "serverless-bundle",
            "serverless-certificate-creator",
            "serverless-cloudside-plugin",
            "serverless-deployment-bucket",
            "serverless-disable-functions",
            "serverless-domain-manager",
            "serverless-dynamodb",
            "serverless-dynamodb-autoscaling",
            "serverless-dynamodb-local",
            "serverless-esbuild",
            "serverless-finch",
            "serverless-iam-roles-per-function",
            "serverless-jest-plugin",
            "serverless-jetpack",
            "serverless-localstack",
            "serverless-offline",
            "serverless-offline-aws-eventbridge",
            "serverless-offline-dynamodb-streams",
            "serverless-offline-s3",
            "serverless-offline-scheduler",
            "serverless-offline-sns",
            "serverless-offline-sqs",
            "serverless-offline-ssm",
            "serverless-offline-watcher",
            "serverless-openapi-documentation",
            "serverless-openapi-documenter",
            "serverless-package-external",
            "serverless-plugin-aws-alerts",
            "serverless-plugin-bind-deployment-id",
            "serverless-plugin-common-excludes",
            "serverless-plugin-include-dependencies",
            "serverless-plugin-lambda-dead-letter",
            "serverless-plugin-log-retention",
            "serverless-plugin-monorepo",
            "serverless-plugin-optimize",
            "serverless-plugin-resource-tagging",
            "serverless-plugin-split-stacks",
            "serverless-plugin-tracing",
            "serverless-plugin-typescript",
            "serverless-plugin-warmup",
            "serverless-prune-plugin",
            "serverless-pseudo-parameters",
            "serverless-python-requirements",
            "serverless-s3-sync",
            "serverless-step-functions",
            "serverless-tag-cloud-watch-logs",
            "serverless-vpc-plugin",
            "serverless-webpack",
            "serverless-wsgi",
        }
    ),
    "the plugins' documents",
    Certainty.FROM_MEMORY,
)
"""A plugin that stands nowhere here may change whatever a function has."""
