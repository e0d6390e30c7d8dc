"""What a tag edit asks for, and how much of it one may ask for in a minute.

To be read in this order: tag_edit_terms, tag_edit, edit_limits.
"""
