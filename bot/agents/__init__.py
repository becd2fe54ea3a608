"""
slsdiag's answers for programs that ask, and for people who have no access to the account.

    bundle.py        one check as a file: evidence, report, manifest
    removals.py      what the file does not hold, listed in its manifest
    bundle_file.py   such a file, from anybody: read within bounds
    replay.py        the report again, from the file alone
"""
