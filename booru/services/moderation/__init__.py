"""What keeps order: bans and copyright complaints.

To be read in this order: bans, ban_clean_up; dmca_complaints.
"""
