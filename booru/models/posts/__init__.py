"""Posts, and what users think of them.

To be read in this order: post; favorite, favorite_group, post_vote.
"""
