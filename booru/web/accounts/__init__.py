"""Users: their pages, settings, email addresses, names, levels and deletion.

Read urls first, then views; user_tools is what one may do with another; policies, limits, forms, searches and
records.
"""
