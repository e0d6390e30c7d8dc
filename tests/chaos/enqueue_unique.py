"""Enqueue the same few jobs with unique keys many times: `python -m tests.chaos.enqueue_unique`."""

import django

if __name__ == "__main__":
    django.setup()

    from tests.support.sample_jobs import UniqueNoteJob

    for number in range(150):
        print(UniqueNoteJob.enqueue(f"unique-{number % 3}").pk)
