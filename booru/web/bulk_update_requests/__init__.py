"""Bulk update requests: written, previewed, approved, followed and reverted.

Read urls first, then views; shown_commands is how scripts look; policies, limits, forms, searches, records.
"""
