"""The user whom a form is about, by name or by id."""

from __future__ import annotations

from typing import TYPE_CHECKING

from booru.models import User
from booru.web.http.params import integer

if TYPE_CHECKING:
    from booru.web.http.forms import BooruForm


def chosen_user(form: BooruForm) -> User | None:
    """Who is in the field `user_name`, or else in `user_id`; None when nobody is."""
    if name := form.value("user_name").strip():
        return User.objects.by_name(name)
    return user_with_id(form.value("user_id"))


def user_with_id(text: str) -> User | None:
    user_id = integer(text)
    return None if user_id is None else User.objects.filter(pk=user_id).first()
