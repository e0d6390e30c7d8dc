"""What people and programs are told about jobs, by the dashboard and by `manage.py jobs` alike.

Read job_search (which jobs), excerpts and job_record (what of each); explain and turn say why a job
waits, queue_sizes and workforce how much waits and who works. argument_words and cron_words put things in
words, and long_work shows that something goes on.
"""
