"""The steps that need the site's own code, each in a process of its own.

`python -m benchmarks.emails.steps STEP [ARGUMENT...]` answers with a line of JSON.
"""

from __future__ import annotations

import json
import sys
import time
from typing import Any

import django

django.setup()

from django.db import transaction  # noqa: E402
from django.db.models import Max, QuerySet  # noqa: E402

from booru.models import Dmail, EmailAddress, User  # noqa: E402
from jobs.engine.models import BackgroundJob, WorkerCluster  # noqa: E402
from jobs.mail import TemporaryDeliveryError  # noqa: E402
from mailers.models import SentMail  # noqa: E402
from mailers.user_mailer import UserMailer  # noqa: E402

Answer = dict[str, Any]
_READERS = 100
# Seconds after which the workers are said to be stuck, and between two looks, which cost what they measure.
_PATIENCE, _LOOKS = 300, 0.05
_BODY = """Hello,

[b]thank you[/b] for tagging [[touhou]]! Have a look at "the forum":/forum_topics and tell me what you think:

* post #1 and post #2 are done
* {{touhou -solo}} is not

[quote]
That is how it was.
[/quote]
"""


def fill(number: str) -> Answer:
    """So many messages, from one user to a hundred."""
    users = [User(name=f"reader_{n}", receive_email_notifications=True) for n in range(_READERS)]
    writer, *readers = User.objects.bulk_create([User(name="writer"), *users])
    EmailAddress.objects.bulk_create(
        EmailAddress(
            user=reader,
            address=f"{reader.name}@example.com",
            normalized_address=f"{reader.name}@example.com",
            is_verified=True,
        )
        for reader in readers
    )
    Dmail.objects.bulk_create(
        Dmail(owner=reader, from_user=writer, to_user=reader, title=f"Message {n}", body=_BODY)
        for n, reader in ((n, readers[n % _READERS]) for n in range(int(number)))
    )
    return {}


def loop(number: str) -> Answer:
    """The plain way: load a message, deliver the email over a connection of its own, and so on."""
    ids = list(_dmails(number).values_list("pk", flat=True))
    messages = Dmail.objects.select_related(*Dmail.loaded_for_jobs)
    started = time.monotonic()
    for pk in ids:
        dmail = messages.get(pk=pk)
        while not _is_sent(dmail):
            pass
    return {"seconds": time.monotonic() - started}


def _is_sent(dmail: Dmail) -> bool:
    """Over a new connection; False when the server refused that."""
    try:
        UserMailer().dmail_notice(dmail).deliver_now()
    except TemporaryDeliveryError:
        return False
    return True


def workers(number: str) -> Answer:
    """Enqueue all in one transaction, and wait until the last is done; the workers run already."""
    _wait(lambda: WorkerCluster.objects.filter(status__in=("Idle", "Working")).exists())
    last = SentMail.objects.aggregate(last=Max("pk"))["last"] or 0
    with transaction.atomic():
        for dmail in _dmails(number):
            UserMailer().dmail_notice(dmail).deliver_later()
    started = time.monotonic()
    _wait(lambda: not BackgroundJob.objects.unfinished().exists())
    seconds = time.monotonic() - started
    sent = SentMail.objects.filter(pk__gt=last)
    failed = BackgroundJob.objects.filter(error__isnull=False).count()
    ids = [message_id.strip("<>") for message_id in sent.values_list("message_id", flat=True)]
    retried = BackgroundJob.objects.filter(attempts__gt=1).count()
    return {"seconds": seconds, "message_ids": ids, "failed": failed, "retried": retried}


def _dmails(number: str) -> QuerySet[Dmail]:
    return Dmail.objects.order_by("id")[: int(number)]


def _wait(is_so: Any) -> None:
    until = time.monotonic() + _PATIENCE
    while not is_so():
        if time.monotonic() > until:
            sys.exit(f"Not done within {_PATIENCE} s.")
        time.sleep(_LOOKS)


STEPS = {step.__name__: step for step in (fill, loop, workers)}

if __name__ == "__main__":
    print(json.dumps(STEPS[sys.argv[1]](*sys.argv[2:])))
