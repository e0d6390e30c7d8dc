"""What the site does for people: a change of many rows, with its rules and what follows, in one call.

Each room is told by its own sentence: accounts, mailbox, moderation, tags, revert, maintenance.
spam_signs lies beside them because settings name it.
"""
