"""Aliases and implications of tags.

To be read in this order: tag_relationship, tag_alias, tag_implication; tag_usage, implication_tree.
"""
