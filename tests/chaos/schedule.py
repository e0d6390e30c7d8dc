"""The schedule of the clusters that have one."""

from jobs.engine.cron import CronEntry
from tests.support.sample_jobs import NoteJob

KEY = "every-minute"
SCHEDULE = [CronEntry(KEY, "* * * * *", NoteJob)]
