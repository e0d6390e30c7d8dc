"""What moderators and the site hold against users, and what users report.

To be read in this order: ban, user_feedback, moderation_report.
"""
