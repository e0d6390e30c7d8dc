"""Who is told of failed jobs, as this Django wants the setting ADMINS."""

import django

ADDRESS = "ada@example.com"
ADMINS = [ADDRESS] if django.VERSION >= (6,) else [("Ada", ADDRESS)]
