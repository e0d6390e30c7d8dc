"""The job engine as a Django app, label "jobs"."""

import warnings

from django.apps import AppConfig

with warnings.catch_warnings():
    # As soon as it is imported it warns that tasks are given out again after `retry`. The engine's broker
    # gives none out again because it is slow, so there is nothing to configure.
    warnings.filterwarnings("ignore", message="Retry and timeout are misconfigured")
    import django_q.conf  # noqa: F401


class JobsConfig(AppConfig):
    name = "jobs.engine"
    label = "jobs"
    verbose_name = "Jobs"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Models can be imported from here on.
        from jobs.engine import checks  # noqa: F401, PLC0415 -- which registers them
        from jobs.engine.afterwards import hooks  # noqa: PLC0415
        from jobs.engine.enqueue import modes  # noqa: PLC0415
        from jobs.engine.in_process import inline, threads  # noqa: PLC0415
        from jobs.engine.insight.explain import explain  # noqa: PLC0415
        from jobs.engine.models import BackgroundJob  # noqa: PLC0415

        # They look at workers, queues, pauses and job classes, which are built on the model.
        BackgroundJob.explainer = explain
        BackgroundJob.retry_hook = hooks.call_retry_hook
        modes.performers["async"] = threads.enqueued
        modes.savers["inline"] = inline.save
        threads.start_with_the_server()
