"""Reacts to deployments: events are taken from a queue, grouped, checked and reported in channels."""
