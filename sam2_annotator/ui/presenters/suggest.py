"""Shows suggestions on the canvas and in the options strip, and says what the next click on them does."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Slot

from sam2_annotator.ui.actions.action_set import ActionSet
from sam2_annotator.ui.canvas.view import CanvasView
from sam2_annotator.ui.i18n import tr
from sam2_annotator.ui.panels.options_strip import Hint
from sam2_annotator.ui.panels.suggest_bar import SearchState, SuggestBar
from sam2_annotator.ui.view_state import View, ViewChange, ViewState
from sam2_annotator.values.suggesting import Suggestion

TOOL = "suggest"
_AT_A_TIME = 8  # masks made ready for the screen in one turn of the event loop


class SuggestPresenter(QObject):
    """Suggestions come a few at a time, the best first, so that many large ones never hold the window up."""

    def __init__(self, view: ViewState, canvas: CanvasView, bar: SuggestBar) -> None:
        super().__init__()
        self._view = view
        self._canvas = canvas
        self._bar = bar
        self._on_canvas: tuple[Suggestion, ...] = ()
        self._turn = QTimer(self, interval=0)
        self._turn.timeout.connect(self._show_more)

    @Slot(object)
    def on_view(self, change: ViewChange) -> None:
        """Other suggestions, or another tool."""
        if not change.concerns(View.SUGGESTIONS, View.TOOL, View.ITEM, View.FRAME):
            return
        now = self._view.suggestions
        searching = now is not None and now.searching
        search = SearchState(now.done, now.total, now.seconds_left) if now is not None and searching else None
        self._bar.set_options(self._view.suggesting)
        self._bar.show_state(search, shown=0 if now is None else len(now.shown))
        wanted = self._wanted()
        numbers = {one.number for one in wanted}
        kept = tuple(one for one in self._on_canvas if one.number in numbers)
        if kept != self._on_canvas:
            self._put(kept)
        if len(kept) < len(wanted):
            self._turn.start()

    def _wanted(self) -> tuple[Suggestion, ...]:
        now = self._view.suggestions
        return () if now is None or self._view.tool != TOOL else now.shown

    def _show_more(self) -> None:
        wanted = self._wanted()
        missing = {one.number for one in wanted} - {one.number for one in self._on_canvas}
        more = set([one.number for one in wanted if one.number in missing][:_AT_A_TIME])
        here = {one.number for one in self._on_canvas} | more
        self._put(tuple(one for one in wanted if one.number in here))
        if len(more) == len(missing):
            self._turn.stop()

    def _put(self, suggestions: tuple[Suggestion, ...]) -> None:
        """Large ones lie behind."""
        self._on_canvas = tuple(sorted(suggestions, key=lambda one: -one.mask.area))
        self._canvas.set_suggestions(self._on_canvas)


def suggest_sentence(view: ViewState, actions: ActionSet) -> str:
    """What the next click does (STA-1)."""
    now = view.suggestions
    stop = actions.key_text("object.cancel")
    if now is None:
        return tr("{key}: look for objects", key=actions.key_text("tool.suggest"))
    if now.searching:
        return tr("Looking for objects · {stop}: stop", stop=stop)
    if not now.shown:
        return tr("No suggestion left") if not now.found else tr("No suggestion of this quality and size")
    accept = actions.key_text("object.accept")
    return tr(
        "Click: accept · Right click: drop · {accept}: accept {count} · {stop}: drop the rest",
        accept=accept,
        count=len(now.shown),
        stop=stop,
    )


def suggest_hints(actions: ActionSet) -> tuple[Hint, ...]:
    """The gestures, the most important first."""
    return (
        Hint(tr("Click"), tr("accept")),
        Hint(tr("Right click"), tr("drop")),
        Hint(actions.key_text("object.accept"), tr("accept all")),
    )
