"""Edits the tags of posts, a batch at a time (behaviour D.1, D.2)."""
