"""
The forms of `aws` that slsdiag prints, as a program: for tests, by the API models of botocore.

Parameters are those of AWS CLI v2: `aws SERVICE OPERATION --some-parameter VALUE`, a structure as
JSON, a blob as `--cli-binary-format` says, a streamed answer into the file that is named last.
What the model does not know is refused, as the real one would.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import boto3
import jmespath
from botocore.exceptions import BotoCoreError, ClientError


def main(words):
    service, operation, *rest = words
    options, files = _options(rest)
    client = boto3.client(service, region_name=options.pop("region", None))
    method = operation.replace("-", "_")
    shape = client.meta.service_model.operation_model(client.meta.method_to_api_mapping[method])
    query, raw = options.pop("query", None), options.pop("cli-binary-format", None)
    assert options.pop("output", "json") in {"json", "table"}
    arguments = json.loads(_read(options.pop("cli-input-json", "{}")))
    members = {_kebab(name): name for name in shape.input_shape.members}
    for name, values in options.items():
        arguments[members[name]] = _value(shape.input_shape.members[members[name]], values, raw)
    answer = getattr(client, method)(**arguments)
    for name, member in shape.output_shape.members.items():
        if name in answer and shape.output_shape.serialization.get("payload") == name:
            (file,) = files
            with Path(file).open("wb") as out:
                out.write(answer.pop(name).read())
            assert member.type_name == "blob"
    answer.pop("ResponseMetadata")
    shown = jmespath.search(query, answer) if query else answer
    sys.stdout.write(f"{json.dumps(shown, default=str)}\n")


def _options(words):
    options, files = {}, []
    while words:
        word, *words = words
        if not word.startswith("--"):
            files.append(word)
            continue
        options[word.removeprefix("--")], *words = words
    return options, files


def _read(value):
    return Path(value.removeprefix("file://")).read_text() if value.startswith("file://") else value


def _value(shape, value, raw):
    if shape.type_name == "blob":
        assert raw == "raw-in-base64-out", "CLI v2 wants base64 otherwise"
        return value.encode()
    if shape.type_name in {"structure", "map"}:
        return json.loads(value)
    return [value] if shape.type_name == "list" else value


def _kebab(name):
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", name).lower()


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except (ClientError, BotoCoreError, KeyError, ValueError) as error:
        sys.exit(f"{type(error).__name__}: {error}")
