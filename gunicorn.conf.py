"""Read by gunicorn when it is started in this folder."""

import os

# What is secret, a setting may say.
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "booru.settings")

logger_class = "booru.web_server_log.SafeLogger"
