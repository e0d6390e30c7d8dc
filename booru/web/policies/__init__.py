"""Who may do what: every permission of the site (behaviour 0.5 and each resource's section)."""

from booru.web.policies.accounts import PromotionPolicy, UserDeletionPolicy, UserNameChangeRequestPolicy
from booru.web.policies.bans import BanPolicy
from booru.web.policies.email_addresses import EmailAddressPolicy
from booru.web.policies.moderation import ModActionPolicy, ModerationReportPolicy
from booru.web.policies.sent_mails import SentMailPolicy
from booru.web.policies.user_feedback import UserFeedbackPolicy

__all__ = [
    "BanPolicy",
    "EmailAddressPolicy",
    "ModActionPolicy",
    "ModerationReportPolicy",
    "PromotionPolicy",
    "SentMailPolicy",
    "UserDeletionPolicy",
    "UserFeedbackPolicy",
    "UserNameChangeRequestPolicy",
]
