"""Messages between users, and what a message or a forum post may show.

To be read in this order: dmail, embeds.
"""
