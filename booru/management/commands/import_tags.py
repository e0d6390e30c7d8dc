"""manage.py import_tags: Import tags and their aliases from a CSV file."""
