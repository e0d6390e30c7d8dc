"""What an email says.

To be read in this order: message, headers, senders, links, tokens; header_text and strange_text keep lines
clean.
"""
