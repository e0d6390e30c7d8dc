"""The web request behind a job: where it came from, and what it is called.

Read request_ids, then addresses; address_checks finds settings that hide or invent addresses.
"""
