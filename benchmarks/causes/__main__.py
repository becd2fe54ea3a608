"""
A public benchmark: how many planted causes does a program find from what was read of a function?

    python benchmarks/causes                      slsdiag itself, in this process
    python benchmarks/causes --runs 50            the same so often; all runs must be identical
    python benchmarks/causes --program "PROGRAM"  any program: it gets the path of a bundle as its
                                                  last argument, and prints JSON with verdict, cause
                                                  and impact (as `slsdiag replay --json` does)
    python benchmarks/causes --mcp                any MCP client: serves it the cases on the standard
                                                  streams, by the tools next_case and answer
    python benchmarks/causes --write FOLDER       the bundles, numbered, and answers.json

A bundle holds the evidence of one function (docs/support.md) and not the report. Right is an answer
with the verdict, the cause and the impact that were planted. Prints the score and what was wrong;
status 1 below 99 %, or where runs differ. README.md says how to ask a program or an agent.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from cases import cases
from scoring import identical, program, score, slsdiag, write

ENOUGH = 0.99


def main() -> int:
    """As the arguments say."""
    given = argparse.ArgumentParser()
    given.add_argument("--runs", type=int, default=1)
    given.add_argument("--program")
    given.add_argument("--mcp", action="store_true")
    given.add_argument("--write", type=Path)
    options = given.parse_args()
    asked = cases()
    if options.write:
        write(asked, options.write)
        return 0
    if options.mcp:
        from served import serve  # noqa: PLC0415 - beside this file; brings the SDK

        return int(score(asked, serve(asked), "the MCP client") < ENOUGH)
    same = options.program or options.runs == 1 or identical(asked, options.runs)
    answers = program(options.program) if options.program else slsdiag
    share = score(asked, list(map(answers, asked)), options.program or "slsdiag")
    return int(share < ENOUGH or not same)


if __name__ == "__main__":
    sys.exit(main())
