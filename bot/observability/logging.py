"""
The bot's log: one JSON document a line on standard error.

Libraries that log what they carry (Slack's messages, AWS's answers, Redis's commands) are
held to warnings whatever the level: secrets and people's words must not reach a log.
"""

from __future__ import annotations

import logging
import sys

import structlog
from structlog.tracebacks import ExceptionDictTransformer

from bot.observability.tracing import current

QUIET = (
    "aiohttp",
    "apscheduler",
    "asyncio",
    "boto3",
    "botocore",
    "dramatiq",
    "opentelemetry",
    "redis",
    "urllib3",
    "waitress",
)
SILENT = ("slack_bolt", "slack_sdk")
"""Bolt's warnings hold whole requests; what slack_sdk says, we say in our own words."""


def configure(level: str) -> None:
    """Once, at the start of a process; `level` as logging spells it."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_processors(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    root = logging.getLogger()
    root.handlers[:] = [_handler()]
    root.setLevel(level)


def _processors() -> list[structlog.typing.Processor]:
    """Of our own records, and of those of libraries."""
    return [
        structlog.contextvars.merge_contextvars,
        _with_trace,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        # Never with local variables, which hold what was read.
        structlog.processors.ExceptionRenderer(ExceptionDictTransformer(show_locals=False)),
    ]


def _handler() -> logging.Handler:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=_processors(),
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(),
            ],
        )
    )
    # On the handler: Bolt gives its loggers a level of their own.
    handler.addFilter(_may_be_logged)
    return handler


def _with_trace(
    _: object, __: str, event: structlog.typing.EventDict
) -> structlog.typing.EventDict:
    """The id of the request for which it is done, where there is one."""
    if current():
        event["trace_id"] = current()
    return event


def _may_be_logged(record: logging.LogRecord) -> bool:
    library = record.name.partition(".")[0]
    least = {**dict.fromkeys(QUIET, logging.WARNING), **dict.fromkeys(SILENT, logging.CRITICAL)}
    return record.levelno >= least.get(library, logging.NOTSET)
