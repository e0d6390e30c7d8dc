"""Tags, their versions, aliases and implications.

Read urls first, then views; searches; policies, forms, records.
"""
