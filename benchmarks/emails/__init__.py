"""The parts of mail.py: the steps that enqueue and count, and the mail server that takes them (sink)."""
