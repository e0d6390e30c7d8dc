"""The WSGI application, for gunicorn or any other server."""

import os

from django.core.wsgi import get_wsgi_application

from booru.embedded_postgres.starting import ensure_started
from booru.web.http.utf8_request import Utf8Request

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "booru.settings")

ensure_started()
application = get_wsgi_application()
application.request_class = Utf8Request
