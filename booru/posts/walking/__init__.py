"""The way through all posts of a search, a batch at a time, which goes on after a crash.

To be read in this order: walk, pace, side_by_side, journal.
"""
