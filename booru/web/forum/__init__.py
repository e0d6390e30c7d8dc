"""Topics, posts and votes of the forum.

Read urls first, then views; embeds and votes are what posts show of requests; policies, limits, forms,
searches and records.
"""
