"""The form of a copyright complaint."""

from __future__ import annotations

from django import forms

from booru.rules.copyright_complaint import STATEMENTS, DmcaComplaint
from booru.web.http.forms import BooruForm, Textarea


class DmcaForm(BooruForm):
    root = "dmca"
    attribute_labels = {
        "infringing_urls": "Infringing URLs",
        "original_urls": "Original URLs",
        "good_faith_agree": "Statement of good faith",
        "perjury_agree": "Statement under penalty of perjury",
    }

    name = forms.CharField(
        label="Your name", required=False, widget=forms.TextInput({"autocomplete": "name"})
    )
    email = forms.CharField(
        label="Your email",
        required=False,
        help_text="You get a copy there.",
        widget=forms.EmailInput({"autocomplete": "email"}),
    )
    address = forms.CharField(
        label="Your postal address",
        required=False,
        strip=False,
        widget=Textarea(3, autocomplete="street-address"),
    )
    infringing_urls = forms.CharField(
        label="What infringes",
        required=False,
        strip=False,
        help_text="The addresses of posts on this site, one a line.",
        widget=Textarea(4, **{"class": "code"}),
    )
    original_urls = forms.CharField(
        label="The original works",
        required=False,
        strip=False,
        help_text="The addresses at which you, or whom you act for, published them.",
        widget=Textarea(4, **{"class": "code"}),
    )
    proof = forms.CharField(
        label="Proof",
        required=False,
        strip=False,
        help_text="How can we see that you own the copyright, or may act for its owner?",
        widget=Textarea(6, spellcheck="true"),
    )
    good_faith_agree = forms.BooleanField(label=STATEMENTS["good_faith_agree"], required=False)
    perjury_agree = forms.BooleanField(label=STATEMENTS["perjury_agree"], required=False)
    signature = forms.CharField(required=False, help_text="Your full name. It counts as your signature.")

    def complaint(self) -> DmcaComplaint:
        return DmcaComplaint.from_text({name: self.value(name) for name in self.base_fields})
