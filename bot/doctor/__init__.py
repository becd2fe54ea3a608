"""
Is the bot itself well?

Edges read and give plain data: bot/store/condition.py, bot/slack/condition.py,
bot/aws/permitted.py. Here store.py, slack.py, aws.py and clock.py judge it, purely, and
examination.py puts them together. Whoever asks gets `model.Check`s.
"""
