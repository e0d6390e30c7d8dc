"""Dmails: folders, reading, writing, replies, and the notice of unread ones.

Read urls and views/dmails first, then dmail_folders, dmail_replies and unread_notice; policies, limits,
forms, searches, records.
"""
