"""What people type to find things, and what it means for the database.

To be read in this order: values, conditions, wildcards, patterns; language, in which posts are searched.
"""
