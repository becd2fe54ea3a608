"""
What people type or paste for a function: words → a function, or a sentence. Pure.

    model.py       a function as it was named; the command that names one again
    parse.py       words → a function; or a question, or a refusal that names the part
    aws_names.py   ARNs, log groups and log streams that name a function
    links.py       addresses of consoles that do
    phrases.py     a name with words around it
    mentions.py    the functions that a message names
    refusals.py    what is wrong with words that are no name
"""

from bot.target.mentions import commands, mentioned, sure
from bot.target.model import Target, Unsure, command, of_command
from bot.target.parse import checked_prefix, checked_region, parse, refuse_secret
from bot.text.fuzzy import closest
from bot.text.redaction import shown

__all__ = [
    "Target",
    "Unsure",
    "checked_prefix",
    "checked_region",
    "closest",
    "command",
    "commands",
    "mentioned",
    "of_command",
    "parse",
    "refuse_secret",
    "shown",
    "sure",
]
