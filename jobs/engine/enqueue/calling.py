"""Calling what a row names, and telling that it does not take these arguments from what goes wrong inside."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from jobs.engine.errors import ArgumentsDoNotFit


def call(function: Callable[..., Any], args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
    """Call it. Raises ArgumentsDoNotFit when it was not entered."""
    try:
        return function(*args, **kwargs)
    except TypeError as error:
        entered = error.__traceback__ is not None and error.__traceback__.tb_next is not None
        if entered or not hasattr(function, "__code__"):
            raise
        raise ArgumentsDoNotFit(str(error)) from None
