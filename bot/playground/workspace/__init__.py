"""
A fake Slack workspace that behaves: a Web API for the bot, signed requests or sockets to it.

Read `server.py` first, which plugs the rest together: `api.py` what the bot may call,
`delivery.py` how Slack reaches the bot, `people.py` those who type and click.
"""

from bot.playground.workspace.delivery import Response
from bot.playground.workspace.model import Message
from bot.playground.workspace.people import Person
from bot.playground.workspace.server import Workspace

__all__ = ["Message", "Person", "Response", "Workspace"]
