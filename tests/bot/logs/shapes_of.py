"""One log in the shapes that tools print, each written after the tool's own format."""

from __future__ import annotations

import base64
import csv
import gzip
import io
import json
import re
import textwrap
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import yaml

STREAM = "2026/11/23/[$LATEST]0123456789abcdef0123456789abcdef"
GROUP = "/aws/lambda/demo-fn"
BEGAN = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
GREEN, CYAN, RESET = "\x1b[32m", "\x1b[36m", "\x1b[0m"
UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"


@dataclass(frozen=True)
class Line:
    """One event."""

    number: int
    text: str

    @property
    def at(self):
        return BEGAN + timedelta(seconds=2 * self.number)

    @property
    def ms(self):
        return int(self.at.timestamp() * 1000)

    @property
    def iso(self):
        return self.at.isoformat(timespec="milliseconds").replace("+00:00", "Z")

    @property
    def spaced(self):
        return self.iso[:-1].replace("T", " ")

    @property
    def event(self):
        return {
            "logStreamName": STREAM,
            "timestamp": self.ms,
            "message": f"{self.text}\n",
            "ingestionTime": self.ms + 900,
            "eventId": f"{38 * 10**54 + self.number}",
        }


def lines_of(text):
    return [Line(number, line) for number, line in enumerate(text.splitlines()) if line]


def each(form):
    """A shape that prints every event by itself."""
    return lambda lines: "".join(f"{form(line)}\n" for line in lines)


def whole(text):
    return each(lambda line: text(line.text))


def table_rows(*columns):
    def shape(lines):
        rows = [[f"{line.event[name]}".rstrip() for name in columns] for line in lines]
        head = f"||  {'  |  '.join(columns)}  ||\n"
        rule = f"|+{'+'.join('-' * 20 for _ in columns)}+|\n"
        return f"{'-' * 60}\n|  FilterLogEvents  |\n{rule}{head}{rule}" + "".join(
            f"||  {'  |  '.join(row)}  ||\n" for row in rows
        )

    return shape


def table_upright(lines):
    rows = "".join(
        f"||  {name}  |  {line.event[name] if name != 'message' else line.text}  ||\n"
        for line in lines
        for name in ("eventId", "ingestionTime", "logStreamName", "message", "timestamp")
    )
    return f"|  FilterLogEvents  |\n+------+\n{rows}|+----+|\n"


def csv_of(*header, delimiter=","):
    def shape(lines):
        out = io.StringIO()
        writer = csv.writer(out, delimiter=delimiter, lineterminator="\n")
        writer.writerow(header)
        for line in lines:
            first = line.spaced if header[0].startswith("@") else line.ms
            writer.writerow([first, f"{line.text}\n", *[STREAM] * (len(header) - 2)])
        return out.getvalue()

    return shape


def insights(lines):
    row = lambda line: [  # noqa: E731 - one form
        {"field": "@timestamp", "value": line.spaced},
        {"field": "@message", "value": f"{line.text}\n"},
        {"field": "@ptr", "value": "CnsKOA"},
    ]
    return json.dumps({"results": [row(line) for line in lines], "status": "Complete"})


def subscription(lines):
    return {
        "messageType": "DATA_MESSAGE",
        "owner": "123456789012",
        "logGroup": GROUP,
        "logStream": STREAM,
        "subscriptionFilters": ["serverless_logs-filter"],
        "logEvents": [
            {"id": f"{n}", "timestamp": x.ms, "message": x.text} for n, x in enumerate(lines)
        ],
    }


def packed(lines):
    return base64.b64encode(gzip.compress(json.dumps(subscription(lines)).encode())).decode()


def yaml_of(value):
    return yaml.dump(value, Dumper=yaml.CSafeDumper, allow_unicode=True)


def serverless(line):
    """Version 4: its marks for hyphens, a report over two lines."""
    text = re.sub(rf"^(START|END|REPORT) RequestId: ({UUID})", r"\1 - \2", line.text)
    return text.replace(" Version:", " - Version:").replace("\tDuration:", "\nDuration:")


def serverless_3(line):
    return re.sub(
        rf"^(\d{{4}}-\d\d-\d\d)T([\d:.]+)Z\t({UUID})\t", r"\1 \2 (+00:00)\t\3\t", line.text
    )


def wrapped(lines):
    """By a mail program, at 76 characters; only payloads are long enough."""
    return "".join(
        "".join(f"{part}\n" for part in textwrap.wrap(line.text, 76))
        if line.text.startswith("SERVERLESS_TELEMETRY")
        else f"{line.text}\n"
        for line in lines
    )


def newest_first(shape):
    return lambda lines: shape(lines[::-1])


def bolt(instead):
    return each(lambda line: line.text.replace("⚡ SDK", f"{instead} SDK".lstrip()))


plain = whole(str)
console = each(lambda line: f"{line.iso}\t{line.text}")
tail = each(lambda line: f"{line.at.isoformat(timespec='microseconds')} {STREAM} {line.text}")
SHAPES = {
    "plain": plain,
    "filter-log-events": lambda x: json.dumps({"events": [y.event for y in x]}, indent=4),
    "get-log-events": lambda x: json.dumps(
        {
            "events": [{"timestamp": y.ms, "message": y.text, "ingestionTime": y.ms} for y in x],
            "nextForwardToken": "f/381",
        },
        ensure_ascii=False,
    ),
    "filter-log-events, two pages": lambda x: "\n".join(
        json.dumps({"events": [y.event for y in part]}, indent=4) for part in (x[:3], x[3:])
    ),
    "tail": tail,
    "tail --format short": each(lambda x: f"{x.iso[:19]} {x.text}"),
    "tail --format json": each(
        lambda x: (
            f"{x.at.isoformat()} {STREAM} "
            + (
                f"\n{json.dumps(json.loads(x.text), indent=4)}"
                if x.text.startswith("{")
                else x.text
            )
        )
    ),
    "tail in color": each(
        lambda x: f"{GREEN}{x.at.isoformat()}{RESET} {CYAN}{STREAM}{RESET} {x.text}"
    ),
    "tail, its escapes lost": each(lambda x: f"[32m{x.at.isoformat()}[0m [36m{STREAM}[0m {x.text}"),
    "--output text": each(
        lambda x: f"EVENTS\t{x.event['eventId']}\t{x.ms + 900}\t{STREAM}\t{x.text}\n\t{x.ms}"
    ),
    "get-log-events --output text": each(lambda x: f"EVENTS\t{x.ms + 900}\t{x.text}\t{x.ms}"),
    "--output yaml": lambda x: yaml_of({"events": [y.event for y in x], "searchedLogStreams": []}),
    "--output yaml-stream": lambda x: yaml_of([{"events": [y.event for y in x]}]),
    "--output table": table_rows(
        "eventId", "ingestionTime", "logStreamName", "message", "timestamp"
    ),
    "--output table, upright": table_upright,
    "--query messages": lambda x: json.dumps([f"{y.text}\n" for y in x], indent=4),
    "--query messages --output text": lambda x: "".join(f"{y.text}\n\t" for y in x),
    "--query pairs": lambda x: json.dumps([[y.ms, y.text] for y in x]),
    "--query pairs --output text": each(lambda x: f"{x.ms}\t{x.text}\n"),
    "--query with names of one's own": lambda x: json.dumps([{"t": y.ms, "m": y.text} for y in x]),
    "--query pairs --output table": table_rows("timestamp", "message"),
    "jq messages": each(lambda x: json.dumps(f"{x.text}\n")),
    "jq events": lambda x: "\n".join(json.dumps(y.event, indent=2) for y in x),
    "console": console,
    "console, by mail": each(lambda x: f"{x.iso} {x.text}"),
    "console, newest first": newest_first(console),
    "console, its marks": each(lambda x: f"▶\t{x.iso}\t{x.text}"),
    "console, local time": each(lambda x: f"{x.iso[:-1]}+01:00\t{x.text}"),
    "console CSV": csv_of("timestamp", "message"),
    "CSV with semicolons": csv_of("timestamp", "message", delimiter=";"),
    "Insights CSV": csv_of("@timestamp", "@message"),
    "Insights CSV, with streams": csv_of("@timestamp", "@message", "@logStream"),
    "Insights results": insights,
    "Insights JSON": lambda x: json.dumps(
        [{"@timestamp": y.spaced, "@message": y.text} for y in x]
    ),
    "Insights, newest first": newest_first(insights),
    "Insights Markdown": each(lambda x: f"| {x.spaced} | {x.text} |"),
    "Insights console": each(lambda x: f"{x.number + 1}\t{x.iso[:-1]}+00:00\t{x.text}"),
    "Insights console, opened": each(
        lambda x: (
            f"@log\t123456789012:{GROUP}\n@logStream\t{STREAM}\n@message\t{x.text}\n"
            f"@timestamp\t{x.ms}"
        )
    ),
    "S3 export": each(lambda x: f"{x.iso} {x.text}"),
    "subscription record": lambda x: json.dumps(subscription(x)),
    "subscription event": lambda x: json.dumps({"awslogs": {"data": packed(x)}}),
    "Kinesis records": lambda x: json.dumps({"Records": [{"kinesis": {"data": packed(x)}}]}),
    "events a line": each(lambda x: json.dumps(x.event)),
    "events a line, newest first": newest_first(each(lambda x: json.dumps(x.event))),
    "a shipper's lines": each(
        lambda x: json.dumps({"severity": "INFO", "time": x.iso, "message": x.text})
    ),
    "sam logs": each(lambda x: f"{STREAM} {x.at.strftime('%Y-%m-%dT%H:%M:%S.%f')} {x.text}"),
    "serverless logs": each(serverless),
    "serverless logs, version 3": each(serverless_3),
    "awslogs": each(lambda x: f"{GROUP} {STREAM} {x.text}"),
    "awslogs with times": each(lambda x: f"{GROUP} {STREAM} {x.iso} {x.text}"),
    "docker logs -t": each(lambda x: f"{x.iso[:-1]}123456Z {x.text}"),
    "docker compose logs": each(lambda x: f"app-1  | {x.text}"),
    "docker's files": each(
        lambda x: json.dumps({"log": f"{x.text}\n", "stream": "stdout", "time": x.iso})
    ),
    "syslog's times": each(lambda x: f"Nov 23 09:00:{x.number % 60:02} {x.text}"),
    "quoted in a mail": each(lambda x: f"> {x.text}"),
    "quoted twice": each(lambda x: f">> > {x.text}"),
    "quoted, of the console": each(lambda x: f"> {x.iso}\t{x.text}"),
    "commented": each(lambda x: f"# {x.text}"),
    "indented": each(lambda x: f"    {x.text}"),
    "indented but for its first": lambda x: plain(x[:1]) + each(lambda y: f"\t{y.text}")(x[1:]),
    "fenced": lambda x: f"Here it is:\n\n```text\n{plain(x)}```\n",
    "ends of Windows": lambda x: plain(x).replace("\n", "\r\n"),
    "ends of an old Mac": lambda x: plain(x).replace("\n", "\r"),
    "blanks for tabs": each(lambda x: x.text.replace("\t", " ")),
    "many blanks for tabs": each(lambda x: x.text.expandtabs(8)),
    "blanks that do not break": each(lambda x: x.text.replace("\t", "\xa0")),
    "color within": each(lambda x: f"{RESET}{x.text}{RESET}"),
    "grep -n": each(lambda x: f"{x.number}:{x.text}"),
    "grep -H": each(lambda x: f"saved/today.log:{x.number}:{x.text}"),
    "cat -n": each(lambda x: f"{x.number:6}\t{x.text}"),
    "wrapped": wrapped,
    "wrapped and quoted": lambda x: textwrap.indent(wrapped(x), "> "),
    "curly quotation marks": lambda x: plain(x).replace('"SLS_ORG_ID"', "“SLS_ORG_ID”"),
    "quotation marks as entities": lambda x: plain(x).replace(
        '"SLS_ORG_ID"', "&quot;SLS_ORG_ID&quot;"
    ),
    "a question mark for the bolt": bolt("?"),
    "two for it and its selector": bolt("??"),
    "the bolt in another encoding": bolt("⚡".encode().decode("cp1252")),
    "the bolt's short code": bolt(":zap:"),
    "the bolt with a selector": bolt("⚡\ufe0f"),
    "the bolt not decoded": bolt("\ufffd\ufffd\ufffd"),
    "the bolt's escape": bolt("\\u26a1"),
    "no bolt": bolt(""),
}
NEEDS_THE_BOLT = frozenset(name for name in SHAPES if "bolt" in name)
