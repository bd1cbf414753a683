"""The part of the router that knows who shapes, arranges and copies objects."""

from __future__ import annotations

from typing import assert_never

from sam2_annotator.doc.commands import Combination, Lift
from sam2_annotator.ui.canvas.view import CanvasView
from sam2_annotator.ui.controllers.arrange import ArrangeController
from sam2_annotator.ui.controllers.clipboard import ClipboardController
from sam2_annotator.ui.controllers.menus import MenusController
from sam2_annotator.ui.controllers.navigation import NavigationController
from sam2_annotator.ui.controllers.objects import ObjectsController
from sam2_annotator.ui.controllers.shaping import ShapingController
from sam2_annotator.ui.controllers.suggest import SuggestController
from sam2_annotator.values import intents as i
from sam2_annotator.values import object_intents as o
from sam2_annotator.values.object_intents import ClipboardAction, ObjectAction, ObjectIntent
from sam2_annotator.values.suggesting import (
    AcceptSuggestion,
    DropSuggestion,
    SetSuggesting,
    SuggestAction,
    SuggestionWish,
)


class ObjectsRouter:
    """Takes the wishes about objects that the router hands on."""

    def __init__(
        self,
        *,
        objects: ObjectsController,
        arrange: ArrangeController,
        shaping: ShapingController,
        clipboard: ClipboardController,
        menus: MenusController,
        suggest: SuggestController,
        navigation: NavigationController,
        canvas: CanvasView,
    ) -> None:
        self._objects = objects
        self._arrange = arrange
        self._shaping = shaping
        self._clipboard = clipboard
        self._menus = menus
        self._suggest = suggest
        self._navigation = navigation
        self._canvas = canvas

    def abandon(self) -> None:
        """Forget shapes under way."""
        self._shaping.abandon()

    def accept_suggestions(self) -> bool:
        """Enter: take over what is suggested; False where nothing is."""
        return self._suggest.accept_all()

    def cancel(self) -> bool:
        """Esc: end a search, or drop what is suggested; False where there is neither."""
        return self._suggest.cancel()

    def route(self, wish: ObjectIntent) -> None:
        """Carry out one wish."""
        match wish:
            case SuggestAction() | AcceptSuggestion() | DropSuggestion() | SetSuggesting():
                self._on_suggestion(wish)
            case ObjectAction():
                self._act(wish)
            case o.ShowOnly():
                self._arrange.show_only(wish)
            case o.PlaceOver():
                self._arrange.place(wish)
            case o.Annotate():
                self._arrange.annotate(wish)
            case o.ChangeShape():
                self._shaping.change(wish)
            case ClipboardAction():
                self._copy(wish)
            case o.PasteToFrames():
                self._clipboard.paste_to(wish)
            case o.CentreObject():
                self._objects.select(i.SelectObjects((wish.object_id,)))
                self._canvas.zoom_to_selection()
            case o.ObjectMenu():
                self._menus.open(wish)
            case _:
                assert_never(wish)

    def _on_suggestion(self, wish: SuggestionWish) -> None:
        match wish:
            case SuggestAction.START:
                self._suggest.start()
            case SuggestAction.SEARCH_AGAIN:
                self._suggest.start(again=True)
            case SuggestAction.STOP:
                self._suggest.stop()
            case SuggestAction.ACCEPT_ALL:
                self._suggest.accept_all()
            case AcceptSuggestion():
                self._suggest.accept(wish)
            case DropSuggestion():
                self._suggest.drop(wish)
            case SetSuggesting():
                self._suggest.set_options(wish)

    def _act(self, action: ObjectAction) -> None:
        match action:
            case ObjectAction.MERGE:
                self._arrange.merge()
            case ObjectAction.SPLIT:
                self._arrange.split()
            case ObjectAction.UNITE | ObjectAction.SUBTRACT | ObjectAction.INTERSECT:
                self._arrange.combine(Combination(action.value))
            case ObjectAction.FORWARD | ObjectAction.BACK | ObjectAction.TO_FRONT | ObjectAction.TO_BACK:
                self._arrange.lift(Lift(action.value))
            case ObjectAction.NOTE:
                self._arrange.ask_note()
            case ObjectAction.COLOUR:
                self._arrange.ask_colour()
            case ObjectAction.COLOUR_BY_NUMBER:
                self._arrange.colour_by_number()
            case ObjectAction.SOLO:
                self._arrange.solo()
            case ObjectAction.NO_OVERLAP:
                self._arrange.toggle_no_overlap()
            case _:
                self._shaping.act(action)

    def _copy(self, action: ClipboardAction) -> None:
        match action:
            case ClipboardAction.CUT:
                self._clipboard.cut()
            case ClipboardAction.COPY:
                self._clipboard.copy()
            case ClipboardAction.PASTE:
                self._clipboard.paste()
            case ClipboardAction.DUPLICATE:
                self._clipboard.duplicate()
            case ClipboardAction.PASTE_TO_RANGE:
                self._clipboard.ask_range()
            case ClipboardAction.COPY_TO_NEXT:
                self._take_along()
            case _:
                assert_never(action)

    def _take_along(self) -> None:
        """Copy masks to the next frame, in a folder to the next picture, and go there."""
        copied = self._clipboard.taken_along()
        if copied and self._navigation.step_frame(i.StepFrame(1)):
            self._clipboard.put_along(copied)
        elif copied:
            self._clipboard.tell_end()
