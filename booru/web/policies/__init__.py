"""Who may do what: every permission of the site (behaviour 0.5 and each resource's section)."""

from booru.web.policies.accounts import PromotionPolicy, UserDeletionPolicy, UserNameChangeRequestPolicy
from booru.web.policies.email_addresses import EmailAddressPolicy
from booru.web.policies.sent_mails import SentMailPolicy

__all__ = [
    "EmailAddressPolicy",
    "PromotionPolicy",
    "SentMailPolicy",
    "UserDeletionPolicy",
    "UserNameChangeRequestPolicy",
]
