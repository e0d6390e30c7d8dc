"""Lists of records: searched, put in order, in pages, on the page and for programs.

Read search and search_fields first, then pagination and records; user_search, by which other lists find their
people; version_changes, what versions of a record changed.
"""
