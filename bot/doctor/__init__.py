"""
Is the bot itself healthy?

Edges read and give plain data: bot/store/condition.py, bot/slack/condition.py,
bot/aws/simulation.py. Here store.py, slack.py, aws.py and clock.py judge it, purely, and
examination.py puts them together. The answer is a list of `model.Check`.
"""
