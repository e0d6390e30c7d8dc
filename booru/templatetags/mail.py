"""Template tags that lead from jobs to their emails."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template

from mailers.models import SentMail

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from jobs.engine.models import BackgroundJob

register = template.Library()


@register.simple_tag
def sent_mails_of(job: BackgroundJob) -> QuerySet[SentMail]:
    """The emails that the job delivered, or tried to."""
    return SentMail.objects.filter(job_id=job.pk)
