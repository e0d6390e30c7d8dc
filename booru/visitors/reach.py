"""Whether others can reach the site: what everybody knows is no secret there."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings

# Of the accounts that `manage.py seed` makes to try the site with.
SEED_PASSWORD = "danbooru"  # noqa: S105 -- known on purpose


def is_for_others() -> bool:
    """As far as the settings tell. A proxy may call the site "localhost", so its name alone says little."""
    local = set(settings.LOCAL_HOSTS)
    host = urlsplit(settings.DANBOORU_CANONICAL_URL).hostname or ""
    names = {*settings.ALLOWED_HOSTS, f"[{host}]" if ":" in host else host}
    return bool(names - local) or settings.HTTPS or settings.JOBS_TRUSTED_PROXIES > 0
