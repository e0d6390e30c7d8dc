"""Whose name is read as another one is, as the database finds it."""

from __future__ import annotations

from typing import Any

from django.db import connection, models

from booru.rules.user_names import LOOK_ALIKES, LOOKS_LIKE, close_user_name_look, user_name_look


class NameLook(models.Func):
    """What `user_name_look()` makes of a name."""

    template = "lower(translate(normalize(%(expressions)s, NFKC), %%s, %%s))"
    arity = 1

    def as_sql(self, *args: Any, **context: Any) -> Any:
        sql, params = super().as_sql(*args, **context)
        return sql, [*params, LOOK_ALIKES, LOOKS_LIKE]


class NameLookMixin:
    """Of the manager of users."""

    def looking_like(self, name: str) -> models.QuerySet[Any]:
        """Those whose name is read as this one is. The deleted have none of their own any more."""
        users: models.QuerySet[Any] = self.alias(look=NameLook("name"))  # type: ignore[attr-defined]
        return users.filter(look=user_name_look(name), is_deleted=False)

    def hold_name(self, name: str) -> None:
        """Until the end of the transaction nobody else gets a name that is read as this one is."""
        with connection.cursor() as cursor:
            key = f"user name {close_user_name_look(name)}"
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])
