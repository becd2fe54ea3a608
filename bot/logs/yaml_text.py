"""Text that the AWS CLI printed as YAML → its documents."""

from __future__ import annotations

import re
from typing import Any

from bot.logs.file import NotALog

_YAML = re.compile(
    r"^(?:- |  )*(?:events|results|searchedLogStreams|eventId|message|timestamp|logStreamName|field):"
    r"(?: |$)",
    re.MULTILINE,
)
_YAML_HEAD = 600
_DEPTH = 12


def is_yaml(text: str) -> bool:
    """Whether it looks like what the AWS CLI prints with `--output yaml`."""
    return bool(_YAML.match(text.lstrip()[:_YAML_HEAD]))


def yaml_documents(text: str) -> list[Any]:
    """
    The documents of YAML; scalars are text. NotALog where it was cut off or is broken.

    Built from the parser's events, so that neither aliases nor depth can cost anything.
    """
    import yaml  # noqa: PLC0415 - takes 20 ms

    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    building = _Building()
    try:
        for event in yaml.parse(text, Loader=loader):
            building.take(type(event).__name__, getattr(event, "value", None))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f" in line {mark.line + 1}" if mark else ""
        raise NotALog(f"is YAML that was cut off or is broken{where}") from error
    except RecursionError as error:
        raise NotALog("is YAML that is nested too deeply") from error
    return building.documents


class _Building:
    """Containers under construction, the innermost last."""

    def __init__(self) -> None:
        self.documents: list[Any] = []
        self._open: list[tuple[dict[str, Any] | list[Any], list[str]]] = []
        self._ignored = 0

    def take(self, event: str, value: str | None) -> None:
        """One event of the parser."""
        if event in {"MappingStartEvent", "SequenceStartEvent"}:
            if self._ignored or len(self._open) >= _DEPTH:
                self._ignored += 1
                return
            opened: dict[str, Any] | list[Any] = {} if event == "MappingStartEvent" else []
            self._put(opened)
            self._open.append((opened, []))
        elif event in {"MappingEndEvent", "SequenceEndEvent"}:
            if self._ignored:
                self._ignored -= 1
                if not self._ignored:
                    self._put(None)
            else:
                self._open.pop()
        elif event in {"ScalarEvent", "AliasEvent"} and not self._ignored:
            self._put(value)

    def _put(self, value: Any) -> None:
        if not self._open:
            self.documents.append(value)
            return
        container, key = self._open[-1]
        if isinstance(container, list):
            container.append(value)
        elif key:
            container[key.pop()] = value
        else:
            key.append(value if isinstance(value, str) else "")
