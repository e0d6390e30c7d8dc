"""How messages reach people, and what it means when their emails do not.

To be read in this order: dmail_delivery, spam_check, mail_consequences.
"""
