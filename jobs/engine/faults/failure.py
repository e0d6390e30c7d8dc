"""How an attempt ended, in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

# Letters that are kept of an error; of what is longer, the beginning and the end.
MESSAGE, BACKTRACE = 10_000, 50_000


@dataclass(frozen=True, slots=True)
class Failure:
    """The error that ended an attempt."""

    error_class: str
    message: str
    backtrace: str
    duration: timedelta
    # What logs with it; None for one that would fill the log, or hold it up.
    error: BaseException | None = None

    @property
    def text(self) -> str:
        return f"{self.error_class}: {self.message}"

    @property
    def text_for_logs(self) -> str:
        """With the backtrace, as far as it is kept, where the error itself is not for the log."""
        return self.text if self.error else f"{self.text}\n{self.backtrace}"

    @property
    def for_logs(self) -> dict[str, Any]:
        """The arguments of a logger for the error."""
        return {"exc_info": self.error} if self.error else {}
