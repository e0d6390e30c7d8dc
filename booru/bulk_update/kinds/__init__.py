"""What commands have in common: all of them, those about one tag, about two, and those that move one.

To be read in this order: command; single_tag, deprecation; tag_pair, tag_move, approval_levels; conversions.
"""
