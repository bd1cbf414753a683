"""What was said of the shown picture or frame."""

from __future__ import annotations

from PySide6.QtCore import QObject, Slot

from sam2_annotator.doc.changes import Changes
from sam2_annotator.ui.document_bus import DocumentBus
from sam2_annotator.ui.panels.review_badge import ReviewBadge
from sam2_annotator.ui.view_state import View, ViewChange, ViewState


class ReviewPresenter(QObject):
    """Keeps the badge over the picture true."""

    def __init__(self, bus: DocumentBus, view: ViewState, badge: ReviewBadge) -> None:
        super().__init__()
        self._bus = bus
        self._view = view
        self._badge = badge

    @Slot(object)
    def on_view(self, change: ViewChange) -> None:
        """Another item or frame."""
        if change.concerns(View.ITEM, View.FRAME):
            self._show()

    @Slot(object)
    def on_changes(self, changes: Changes) -> None:
        """Something was said of a frame, or taken back."""
        if changes.reviews:
            self._show()

    def _show(self) -> None:
        project, shown = self._bus.project, self._view.item
        review = None if project is None or shown is None else project.review(shown.media.item, self._view.frame)
        self._badge.set_review(
            confirmed=review is not None and review.confirmed, flag=None if review is None else review.flag
        )
