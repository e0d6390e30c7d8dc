"""Pages about whoever looks at them: a visitor is led to the log-in page, and back."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.http import HttpResponseRedirect
from django.urls import reverse

from booru.web.http.requests import current_user, wants_json

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    Action = Callable[..., HttpResponseBase]


def leads_to_login(action: Action) -> Action:
    """For the page itself; programs are refused as everywhere."""

    @wraps(action)
    def checked(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        if current_user(request) is not None or wants_json(request):
            return action(request, *args, **kwargs)
        query = urlencode({"url": request.get_full_path()}, safe="/")
        return HttpResponseRedirect(f"{reverse('login')}?{query}")

    return checked
