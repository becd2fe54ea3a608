"""
A whole world on this machine: a fake AWS account and a fake Slack that behave.

It is the demo, and what the tests run the real program against.
"""
