"""Posts, their versions, votes and favorites.

Read urls first, then views; searches and post_changes; policies, forms, records.
"""
