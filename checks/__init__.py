"""
The troubleshooting runbook, as code.

Read this folder top to bottom: each `sNNN_…` module is one step of RUNBOOK.md, and the
number is its place. A step is a docstring, which the bot shows, and a pure function
`check`, which decides. It asks for the evidence it needs by naming it:

    def check(function: LambdaFunction) -> Finding: ...

What it returns says who moves next: nobody (`Finding`), the clock (`Wait`) or the
person asking (`Ask`). Nothing in here talks to AWS, Redis or Slack.
"""
