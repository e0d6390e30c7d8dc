"""manage.py qcluster: django-q2's command, with this engine's cluster."""

import os
import sys
from typing import Any

from django.conf import settings
from django.core.management import CommandError
from django_q.management.commands import qcluster

from jobs.engine.cluster.master import Cluster
from jobs.engine.connections.pooling import POOLED, is_pooled


class Command(qcluster.Command):  # type: ignore[misc]
    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        settings.SECRET_KEY  # noqa: B018 -- packages are signed with it: fail now when it is missing
        if options.get("cluster_name"):
            os.environ["Q_CLUSTER_NAME"] = options["cluster_name"]
        if is_pooled():
            raise CommandError(f"{POOLED}.")
        cluster = Cluster()
        cluster.start()
        if options.get("run_once"):
            cluster.stop()
        elif not cluster.keep_up():
            sys.exit(1)
