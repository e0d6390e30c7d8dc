"""Commands of `manage.py` that are about the site; those about jobs are in jobs.engine."""
