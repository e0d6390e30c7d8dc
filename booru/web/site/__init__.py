"""The site itself: its front page, contact and copyright, what it sent, and what a request led to.

Read urls first, then views; mail_previews and request_trace; policies, limits, forms, searches, records.
"""
