"""Dmails."""

from django.urls import path

from booru.web.http.actions import actions
from booru.web.http.routes import with_json
from booru.web.mailbox.views import dmails

urlpatterns = [
    *with_json("dmails", actions(GET=dmails.index, POST=dmails.create), "dmails"),
    path("dmails/new", actions(GET=dmails.new), name="new_dmail"),
    path("dmails/mark_all_as_read", actions(POST=dmails.mark_all_as_read), name="mark_all_dmails_as_read"),
    path("dmails/hide_notice", actions(POST=dmails.hide_notice), name="hide_dmail_notice"),
    *with_json("dmails/<id:dmail_id>", actions(GET=dmails.show, PUT=dmails.update), "dmail"),
]
