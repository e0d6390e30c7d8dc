"""The main job, chapter by chapter; one that fails does not keep the next from being told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from booru.demo import dmail_chapter, jobs_chapter, request_chapter
from booru.demo.browser import Browser
from booru.demo.errors import StepFailed

if TYPE_CHECKING:
    from booru.demo.stage import Stage
    from booru.seeds.tag_source import OldName


def tell(stage: Stage, pairs: Sequence[OldName]) -> list[str]:
    """What was not seen to work, a line each."""
    missing: list[str] = []

    def chapter(title: str, play: Callable[[], None]) -> bool:
        stage.terminal.title(title)
        try:
            play()
        except StepFailed as error:
            stage.terminal.missing(str(error))
            missing.append(f"{title}: {str(error).splitlines()[0]}")
            return False
        return True

    if chapter("The servers start", lambda: _wait_for_site(stage)):
        chapter("A dmail becomes an email", lambda: dmail_chapter.play(stage))
        chapter("A bulk update request changes posts", lambda: request_chapter.play(stage, pairs))
        chapter("The jobs page shows both", lambda: jobs_chapter.play(stage))
    return missing


def _wait_for_site(stage: Stage) -> None:
    stage.wait(lambda: _answer(stage.site), "the front page was not answered")
    stage.terminal.seen(f"The site answers at {stage.site}")


def _answer(site: str) -> int | None:
    try:
        return Browser(site).get("/").status
    except StepFailed:
        return None
