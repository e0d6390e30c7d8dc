"""Wiki pages, pools, artists, their versions, and saved searches.

Read urls first, then views; searches; policies, forms, records.
"""
