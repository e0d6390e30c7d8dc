"""What metatags do to other records than the tags of the post itself.

To be read in this order: metatag_actions, pool_actions, child_actions, family.
"""
