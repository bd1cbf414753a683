"""Which page the window shows: the welcome page, a picture, or a clip with its time line."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import QObject, Slot

from sam2_annotator.doc.project import Project
from sam2_annotator.engine.messages import ErrorReport
from sam2_annotator.jobs.open_paths import project_title
from sam2_annotator.ui.i18n import day_time
from sam2_annotator.ui.panels.welcome import RecentEntry, WelcomePanel
from sam2_annotator.ui.sessions import RecentProject
from sam2_annotator.ui.view_state import View, ViewChange, ViewState


class Pages(Protocol):
    """What the window offers to switch between."""

    def show_welcome(self, welcome: bool) -> None:
        """The welcome page, or the canvas with its panels."""

    def show_clip(self, is_clip: bool) -> None:
        """Show or hide what only clips need."""


class PagesPresenter(QObject):
    """Switches pages and fills the welcome page."""

    def __init__(self, view: ViewState, pages: Pages, welcome: WelcomePanel) -> None:
        super().__init__()
        self._view = view
        self._pages = pages
        self._welcome = welcome

    @Slot(object)
    def on_project(self, project: Project | None) -> None:
        """A project was opened or closed."""
        self._pages.show_welcome(project is None)
        self._welcome.set_message("")

    @Slot(object)
    def on_view(self, change: ViewChange) -> None:
        """Another item."""
        if change.concerns(View.ITEM):
            shown = self._view.item
            self._pages.show_clip(shown is not None and shown.media.is_clip)

    @Slot(object)
    def on_recent(self, projects: tuple[RecentProject, ...]) -> None:
        """The projects opened last."""
        self._welcome.set_recent(
            tuple(
                RecentEntry(
                    one.path,
                    project_title(one.path),
                    one.place or str(one.path.parent),
                    "" if one.opened is None else day_time(one.opened),
                )
                for one in projects
            )
        )

    @Slot(object)
    def on_open_failed(self, error: ErrorReport) -> None:
        """Say on the welcome page why nothing opened."""
        self._welcome.set_message(error.message)

    @Slot(str)
    def on_nothing_found(self, folder: str) -> None:
        """Say on the welcome page that a folder has nothing to open, and what can be done."""
        self._welcome.set_nothing_found(folder)
