"""The site itself, and what it sent."""

from django.urls import path

from booru.web.http.actions import actions
from booru.web.http.routes import with_json
from booru.web.site.views import dmca, front_page, mail_previews, request_traces, sent_mails, site_pages

urlpatterns = [
    path("", actions(GET=front_page.index), name="front_page"),
    path("contact", actions(GET=site_pages.contact), name="contact"),
    path("privacy", actions(GET=site_pages.privacy), name="privacy"),
    path("dmca", actions(GET=dmca.new, POST=dmca.create), name="dmca"),
    path("dmca.json", actions(POST=dmca.create)),
    # Only while DEBUG is on
    path("mail_previews", actions(GET=mail_previews.index), name="mail_previews"),
    path("mail_previews/<slug:name>", actions(GET=mail_previews.show), name="mail_preview"),
    path("mail_previews/<slug:name>/html", actions(GET=mail_previews.html), name="mail_preview_html"),
    *with_json("sent_mails", actions(GET=sent_mails.index), "sent_mails"),
    *with_json("sent_mails/<id:mail_id>", actions(GET=sent_mails.show), "sent_mail"),
    *with_json("requests/<slug:request_id>", actions(GET=request_traces.show), "request"),
]
