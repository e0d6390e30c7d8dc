"""Tags by themselves; how they are related is in tag_relationships.

To be read in this order: tag, tag_version, tag_abbreviations.
"""
