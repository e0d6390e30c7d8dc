"""What lines are checked against before anything is done: tags as they are, and as earlier lines leave them.

To be read in this order: picture, pairs, picture_loading, picture_queries; subjects,
relationship_rules, rehearsal.
"""
