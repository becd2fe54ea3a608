"""
A fake Slack workspace that behaves, over HTTP: a Web API for the bot, signed requests to it.

`server.py` is the workspace as the bot sees it, `people.py` the people who type and press.
"""

from bot.playground.workspace.people import Person
from bot.playground.workspace.server import Message, Workspace

__all__ = ["Message", "Person", "Workspace"]
