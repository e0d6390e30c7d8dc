"""Asks the site's spam checker, if there is one (behaviour E.4)."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

if TYPE_CHECKING:
    from collections.abc import Callable

    from booru.models import Dmail

    # Given a message that is not saved yet, whether it is spam.
    SpamChecker = Callable[[Dmail], bool]

logger = logging.getLogger("booru.spam")


def is_spam(dmail: Dmail) -> bool:
    """What the function says that DANBOORU_SPAM_CHECKER names; without one, or when it fails, no."""
    if not settings.DANBOORU_SPAM_CHECKER:
        return False
    try:
        checker: SpamChecker = import_string(settings.DANBOORU_SPAM_CHECKER)
        # So that a query that fails spoils nothing else.
        with transaction.atomic():
            return bool(checker(dmail))
    except Exception:
        logger.exception("The spam checker %s failed", settings.DANBOORU_SPAM_CHECKER)
        return False
