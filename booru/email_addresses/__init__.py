"""The mailbox behind the spelling of an email address, and whether mail can reach it.

To be read in this order: spelling, providers; deliverability, probe.
"""
