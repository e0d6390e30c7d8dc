"""Who may see the dashboard, and who may act on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from django.conf import settings
from django.utils.module_loading import import_string

if TYPE_CHECKING:
    from django.http import HttpRequest


class DashboardPolicy(Protocol):
    """What JOBS_DASHBOARD_POLICY names: a class that takes the user."""

    @property
    def can_index(self) -> bool:
        """See the list of jobs, without arguments and errors."""

    @property
    def can_manage(self) -> bool:
        """See everything; cancel, retry, run and delete jobs."""


class StaffPolicy:
    """The default: Django's staff may do everything, others nothing."""

    def __init__(self, user: Any) -> None:
        self.can_index = self.can_manage = bool(getattr(user, "is_staff", False))


def policy_for(request: HttpRequest) -> DashboardPolicy:
    path = getattr(settings, "JOBS_DASHBOARD_POLICY", "jobs.engine.policy.StaffPolicy")
    policy: DashboardPolicy = import_string(path)(request.user)
    return policy
