"""The page on which moderators manage a user: level, and the ways to the rest (behaviour I.10)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, render

from booru.models import Ban, Level, User
from booru.services.accounts.promotions import PromotionRefused, promote, storable_levels
from booru.web.accounts.forms import PromotionForm
from booru.web.accounts.policies import PromotionPolicy
from booru.web.accounts.user_tools import UserTools
from booru.web.http.errors import AccessDenied
from booru.web.http.params import integer
from booru.web.http.policies import authorize
from booru.web.http.requests import logged_in_user
from booru.web.http.responses import failed_form, path_of, saved
from booru.web.limits.rate_limits import limited, write_limit

if TYPE_CHECKING:
    from typing import Any

    from django.http import HttpRequest, HttpResponse


def edit(request: HttpRequest, user_id: int) -> HttpResponse:
    user = get_object_or_404(User, pk=user_id)
    promoter = logged_in_user(request)
    authorize(PromotionPolicy(promoter, user).can_edit)
    form = PromotionForm(initial={"level": user.level})
    form.offer(_levels_below(promoter))
    return render(request, "admin_users/edit.html", {"form": form, **_context(promoter, user)})


@limited(write_limit)
def update(request: HttpRequest, user_id: int) -> HttpResponse:
    user = get_object_or_404(User, pk=user_id)
    promoter = logged_in_user(request)
    form = PromotionForm.from_request(request)
    form.offer(_levels_below(promoter))
    try:
        promote(user, promoter, _level(form.value("level")))
    except PromotionRefused as refusal:
        raise AccessDenied(str(refusal)) from refusal
    except ValidationError as error:
        return failed_form(request, form, "admin_users/edit.html", _context(promoter, user), error=error)
    return saved(request, path_of(user), f"{user.pretty_name} is {user.level_name} now")


def _level(text: str) -> int:
    """The level of this number or name; one that nobody has when there is none."""
    by_name = {level.name.lower(): level.value for level in Level}
    return by_name.get(text.strip().lower(), integer(text) or Level.ANONYMOUS)


def _levels_below(promoter: User) -> list[Level]:
    return [level for level in storable_levels() if level < promoter.level]


def _context(promoter: User, user: User) -> dict[str, Any]:
    ban = Ban.objects.current(user)
    tools = UserTools.of(promoter, user, ban)
    return {"profile": user, "ban": ban, "tools": tools, "is_admin_page": True}
