"""The guided triage: one walk of the runbook with a person. Read model.py, then machine.py."""
