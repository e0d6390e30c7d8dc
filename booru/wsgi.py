"""The WSGI application, for gunicorn or any other server."""

import os

from django.core.wsgi import get_wsgi_application

from booru.database.embedded import ensure_started

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "booru.settings")

ensure_started()
application = get_wsgi_application()
