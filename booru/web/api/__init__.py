"""Programs that act as a user: their keys, and what each may do.

Read authentication first, then permissions; the page of the keys is urls and views/api_keys.
"""
