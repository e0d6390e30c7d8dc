"""Programs that measure; see jobs.py."""
