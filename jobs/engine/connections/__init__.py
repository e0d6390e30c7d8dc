"""Connections to the database beside Django's own: one for a moment, and whether a pooler is in between.

Read another, pooling.
"""
