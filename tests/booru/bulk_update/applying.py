"""`python -m tests.booru.bulk_update.applying ID` applies an approved request past its job."""

import sys

import django

django.setup()

from booru.models import BulkUpdateRequest  # noqa: E402

if __name__ == "__main__":
    BulkUpdateRequest.objects.get(pk=int(sys.argv[1])).process()
