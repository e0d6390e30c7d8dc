"""Who may do what: every permission of the site (behaviour 0.5 and each resource's section)."""

from booru.web.policies.sent_mails import SentMailPolicy

__all__ = [
    "SentMailPolicy",
]
