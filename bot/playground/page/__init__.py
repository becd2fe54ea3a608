"""
The demo's page: the fake workspace and the fake account, to see and to try.

Read `server.py` first: one page, a stream of what a person sees (`seen.py`), and what they do
(`acts.py`, `changes.py`). What is drawn is written in `web/` and built into `static/`.
"""
