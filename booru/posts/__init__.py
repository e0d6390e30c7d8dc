"""Edits the tags of posts, a batch at a time (behaviour D.1, D.2), and finds posts.

To be read in this order: creation; editing, actions, tag_edits, walking; post_fields, post_rows, versions and
tag_counts, on which these stand; search.
"""
