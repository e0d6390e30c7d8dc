"""Getting an email to a server that takes it.

To be read in this order: delivery, connections, smtp_backend, dialogue; temporary and backoff for when it
fails; delivery_url and providers for where it goes.
"""
