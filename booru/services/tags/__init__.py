"""What is done to tags as a whole: moved, counted, recategorised, imported, related to each other.

To be read in this order: tag_mover, tag_categories, tag_counts, link_categories; tag_relationship_approval,
tag_relationship_restoring, tag_relationship_retirement; tag_import and tag_file.
"""
