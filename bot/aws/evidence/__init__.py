"""Evidence from AWS, one module a subject; `gather.py` brings it together."""
