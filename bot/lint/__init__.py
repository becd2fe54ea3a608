"""
Before the deploy: what a project's files plan, judged by the steps of the runbook.

    files ──> trees (values with their places) ──> planned functions ──> outcomes of steps ──> findings

A value that only the deploy knows is kept as what it may turn out to be, with the reason; a step
that comes out differently for these is unknown. Files are read as data: no code of the project
runs, nothing outside its repository is read, and no network is used.
"""
