"""Many functions at once. Read model.py, then first_tier.py and exact.py, then scan.py."""
