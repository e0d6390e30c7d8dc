"""Where providers report what became of emails."""

from __future__ import annotations

from django.urls import path

from mailers import webhooks

urlpatterns = [
    path("webhooks/mail/<slug:provider>/tracking/", webhooks.tracking, name="mail_webhook"),
]
