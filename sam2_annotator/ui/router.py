"""Gives each wish to the controllers concerned; the only place that knows which those are, and in what order."""

from __future__ import annotations

from typing import assert_never

from PySide6.QtCore import QObject, Slot

from sam2_annotator.ui.actions.action import LabelWish, UseTool, WindowAction, Wish
from sam2_annotator.ui.actions.writing import writes
from sam2_annotator.ui.controllers.document import DocumentController
from sam2_annotator.ui.controllers.drawing import DrawingController
from sam2_annotator.ui.controllers.export import ExportController
from sam2_annotator.ui.controllers.files import FilesController
from sam2_annotator.ui.controllers.focus import FOCUSES, FocusController
from sam2_annotator.ui.controllers.hints import HintsController
from sam2_annotator.ui.controllers.history import HistoryController
from sam2_annotator.ui.controllers.intake import IntakeController
from sam2_annotator.ui.controllers.keys import KeysController
from sam2_annotator.ui.controllers.media import MediaController
from sam2_annotator.ui.controllers.models import ModelsController
from sam2_annotator.ui.controllers.navigation import NavigationController
from sam2_annotator.ui.controllers.objects import ObjectsController
from sam2_annotator.ui.controllers.places import PlacesController
from sam2_annotator.ui.controllers.playback import PlaybackController
from sam2_annotator.ui.controllers.predict import PredictController
from sam2_annotator.ui.controllers.preview import PreviewController
from sam2_annotator.ui.controllers.prompt import PromptController
from sam2_annotator.ui.controllers.propagate import PropagateController
from sam2_annotator.ui.controllers.review import ReviewController
from sam2_annotator.ui.controllers.saving import SavingController
from sam2_annotator.ui.controllers.settings import SettingsController
from sam2_annotator.ui.controllers.sight import SIGHTS, SightController
from sam2_annotator.ui.controllers.window import WindowController
from sam2_annotator.ui.labels_router import LabelsRouter
from sam2_annotator.ui.objects_router import ObjectsRouter
from sam2_annotator.values import drawing_intents as d
from sam2_annotator.values import intents as i
from sam2_annotator.values import object_intents as o
from sam2_annotator.values import suggesting as s
from sam2_annotator.values.ids import ObjectId
from sam2_annotator.values.intents import DocumentAction, PromptAction


class Router(QObject):
    """Refuses everything once `close` was called, so that a shut-down meets no new work."""

    def __init__(
        self,
        *,
        prompt: PromptController,
        predict: PredictController,
        preview: PreviewController,
        drawing: DrawingController,
        propagate: PropagateController,
        navigation: NavigationController,
        playback: PlaybackController,
        objects: ObjectsController,
        labels_router: LabelsRouter,
        document: DocumentController,
        saving: SavingController,
        places: PlacesController,
        history: HistoryController,
        media: MediaController,
        export: ExportController,
        models: ModelsController,
        review: ReviewController,
        files: FilesController,
        intake: IntakeController,
        window: WindowController,
        keys: KeysController,
        settings: SettingsController,
        sight: SightController,
        objects_router: ObjectsRouter,
        focus: FocusController,
        hints: HintsController,
    ) -> None:
        super().__init__()
        self._prompt = prompt
        self._predict = predict
        self._preview = preview
        self._drawing = drawing
        self._propagate = propagate
        self._navigation = navigation
        self._playback = playback
        self._objects = objects
        self._labels_router = labels_router
        self._document = document
        self._saving = saving
        self._places = places
        self._history = history
        self._media = media
        self._export = export
        self._models = models
        self._review = review
        self._files = files
        self._intake = intake
        self._window = window
        self._objects_router = objects_router
        self._keys = keys
        self._settings = settings
        self._sight = sight
        self._focus = focus
        self._hints = hints
        self._closed = False

    def close(self) -> None:
        """Take no more wishes."""
        self._closed = True

    @Slot(object)
    def route(self, wish: Wish) -> None:
        """Carry out one wish."""
        if self._closed or self._window.is_for_tool(wish):
            return
        if writes(wish) and self._document.refuses_changes():
            return
        if isinstance(wish, LabelWish):
            self._labels_router.route(wish)
            return
        match wish:
            case i.AddPoint() | i.MovePoint() | i.RemovePoint() | i.FlipPoint() | i.SetBox() | i.ChooseCandidate():
                self._edit_prompts(wish)
            case i.DragPoint():
                self._preview.drag(wish)
            case i.SetCleanUp():
                self._predict.clean_up(wish)
            case PromptAction():
                self._act_on_prompts(wish)
            case d.Paint() | d.FillPolygon() | d.MoveMask() | d.ReshapeOutline() | d.DrawingRefused():
                self._playback.pause()
                self._propagate.stay()
                self._drawing.draw(wish)
            case d.SetDrawing() | d.ChangeBrushSize():
                self._drawing.set_options(wish)
            case i.SelectObjects() | i.SelectRank() | i.SelectNeighbour():
                self._select(wish)
            case i.SetLabel() | i.SetLabelNumber() | i.SetVisible() | i.SetLocked() | i.Delete():
                self._edit_objects(wish)
            case o.ObjectAction() | o.ShowOnly() | o.PlaceOver() | o.Annotate() | o.ChangeShape():
                self._objects_router.route(wish)
            case o.ClipboardAction() | o.PasteToFrames() | o.CentreObject() | o.ObjectMenu():
                self._objects_router.route(wish)
            case s.SuggestAction() | s.AcceptSuggestion() | s.DropSuggestion() | s.SetSuggesting():
                self._playback.pause()
                self._objects_router.route(wish)
            case i.GoToFrame() | i.StepFrame() | i.StepKey() | i.GoToItem() | i.StepItem():
                self._navigate(wish)
            case i.Play():
                self._play(wish)
            case i.PlayToggle.TOGGLE:
                self._propagate.stay()
                self._playback.toggle()
            case i.Propagate():
                self._track(wish)
            case i.Stop.STOP:
                self._propagate.stop()
            case i.ReviewAction():
                self._act_on_review(wish)
            case i.SetFlag():
                self._review.flag(wish)
            case i.GoToStep():
                self._step_through_history(wish)
            case i.OpenPaths():
                self._open(wish)
            case i.FilesAction() | i.AddPaths() | i.RemoveItems() | i.RevealItem() | i.ShowFolder() | i.CopyPaths():
                self._change_list(wish)
            case DocumentAction():
                self._act_on_document(wish)
            case i.ChangeModel():
                self._models.load(wish)
            case UseTool():
                self._window.use_tool(wish)
            case WindowAction():
                self._act_on_window(wish)
            case _:
                assert_never(wish)

    def _edit_prompts(
        self, wish: i.AddPoint | i.MovePoint | i.RemovePoint | i.FlipPoint | i.SetBox | i.ChooseCandidate
    ) -> None:
        self._playback.pause()
        self._propagate.stay()
        match wish:
            case i.AddPoint():
                self._name(self._prompt.add_point(wish))
            case i.MovePoint():
                self._prompt.move_point(wish)
            case i.RemovePoint():
                self._prompt.remove_point(wish)
            case i.FlipPoint():
                self._prompt.flip_point(wish)
            case i.SetBox():
                self._prompt.set_box(wish)
            case i.ChooseCandidate():
                self._predict.choose(wish)

    def _act_on_prompts(self, wish: PromptAction) -> None:
        match wish:
            case PromptAction.RUN:
                self._prompt.run()
            case PromptAction.REMOVE_LAST:
                if not self._prompt.remove_last():
                    self._objects.delete(i.Delete(i.DeleteScope.HERE))
            case PromptAction.NEXT_CANDIDATE:
                self._predict.step_candidate(1)
            case PromptAction.PREVIOUS_CANDIDATE:
                self._predict.step_candidate(-1)
            case PromptAction.ACCEPT:
                if not self._objects_router.accept_suggestions():
                    self._name(self._prompt.accept())
            case PromptAction.NEW_OBJECT:
                self._name(self._prompt.new_object())
            case PromptAction.ACCEPT_AND_NEXT_ITEM:
                self._name(self._prompt.accept())
                self._act_on_review(i.ReviewAction.NEXT_TO_DO)
            case PromptAction.DISCARD:
                self._prompt.discard()
            case PromptAction.REFINE:
                self._prompt.refine()
            case PromptAction.RUN_AGAIN:
                self._prompt.run_again()
            case PromptAction.TOGGLE_PREVIEW:
                self._preview.toggle()

    def _name(self, accepted: ObjectId | None) -> None:
        """The first object of a project is named in place."""
        if accepted is not None:
            self._labels_router.name_first(accepted)

    def _select(self, wish: i.SelectObjects | i.SelectRank | i.SelectNeighbour) -> None:
        match wish:
            case i.SelectObjects():
                self._objects.select(wish)
            case i.SelectRank():
                self._objects.select_rank(wish)
            case i.SelectNeighbour():
                self._objects.select_neighbour(wish)

    def _edit_objects(self, wish: i.SetLabel | i.SetLabelNumber | i.SetVisible | i.SetLocked | i.Delete) -> None:
        match wish:
            case i.SetLabel():
                self._objects.set_label(wish)
            case i.SetLabelNumber():
                self._objects.set_label_number(wish)
            case i.SetVisible():
                self._objects.set_visible(wish)
            case i.SetLocked():
                self._objects.set_locked(wish)
            case i.Delete():
                self._objects.delete(wish)

    def _open(self, wish: i.OpenPaths) -> None:
        """What belongs to the open project is shown there; anything else has its own (decision 0015)."""
        if self._intake.belong(wish.paths):
            self._intake.add(wish.paths)
        else:
            self._document.open(wish.paths)

    def _change_list(
        self, wish: i.FilesAction | i.AddPaths | i.RemoveItems | i.RevealItem | i.ShowFolder | i.CopyPaths
    ) -> None:
        match wish:
            case i.FilesAction.ADD_FILES:
                self._intake.ask_for_files()
            case i.FilesAction.ADD_FOLDER:
                self._intake.ask_for_folder()
            case i.FilesAction.REFRESH:
                self._files.refresh()
            case i.AddPaths():
                self._intake.add(wish.paths)
            case i.RemoveItems():
                self._propagate.abandon()
                self._files.remove(wish)
            case i.RevealItem():
                self._files.reveal(wish)
            case i.ShowFolder():
                self._files.show_folder(wish)
            case i.CopyPaths():
                self._files.copy_paths(wish)

    def _navigate(self, wish: i.GoToFrame | i.StepFrame | i.StepKey | i.GoToItem | i.StepItem) -> None:
        """The user goes somewhere: playing ends there and a run is no longer followed."""
        self._playback.pause()
        self._propagate.stay()
        match wish:
            case i.GoToFrame():
                self._navigation.go_to_frame(wish)
            case i.StepFrame():
                self._navigation.step_frame(wish)
            case i.StepKey():
                self._navigation.step_key(wish)
            case i.GoToItem():
                self._navigation.go_to_item(wish)
            case i.StepItem():
                self._navigation.step_item(wish)

    def _act_on_review(self, wish: i.ReviewAction) -> None:
        """What is confirmed is accepted first; then the view goes where the next look is wanted."""
        if wish is i.ReviewAction.CONFIRM:
            self._name(self._prompt.accept_draft())
        place = self._review.act(wish)
        if place is not None:
            self._navigate(place)

    def _play(self, wish: i.Play) -> None:
        self._propagate.stay()
        self._playback.play(wish)

    def _track(self, wish: i.Propagate) -> None:
        """A draft is accepted first (PRO-1)."""
        self._playback.pause()
        self._name(self._prompt.accept_draft())
        self._propagate.start(wish)

    def _act_on_document(self, wish: DocumentAction) -> None:
        match wish:
            case DocumentAction.OPEN_FILE:
                self._document.open_file()
            case DocumentAction.OPEN_FOLDER:
                self._document.open_folder()
            case DocumentAction.OPEN_SAMPLE:
                self._document.open_sample()
            case DocumentAction.SAVE:
                self._saving.save()
            case DocumentAction.SAVE_AS:
                self._propagate.abandon()
                self._places.save_as()
            case DocumentAction.PACK:
                self._places.pack()
            case DocumentAction.RESTORE_POINTS:
                self._propagate.abandon()
                self._places.ask_restore_points()
            case DocumentAction.FIND_MISSING:
                self._media.ask()
            case DocumentAction.HISTORY:
                self._history.show()
            case DocumentAction.TRY_AGAIN:
                self._saving.try_again()
            case DocumentAction.UNDO | DocumentAction.REDO:
                self._step_through_history(wish)
            case DocumentAction.EXPORT:
                self._export.ask()
            case DocumentAction.EXPORT_AGAIN:
                self._export.again()

    def _step_through_history(self, wish: DocumentAction | i.GoToStep) -> None:
        """A job that writes is ended first, so that undo takes back what the user sees."""
        self._playback.pause()
        self._propagate.abandon()
        self._objects_router.abandon()
        match wish:
            case i.GoToStep():
                self._history.go_to(wish)
            case DocumentAction.UNDO:
                self._history.undo()
            case _:
                self._history.redo()

    def _act_on_window(self, wish: WindowAction) -> None:
        match wish:
            case WindowAction.CANCEL:
                self._cancel()
            case WindowAction.SELECT_ALL:
                self._objects.select_all()
            case WindowAction.TOGGLE_LOCK:
                self._objects.toggle_lock()
            case WindowAction.OPEN_CLIP_FOLDER:
                self._document.open_folder(as_clip=True)
            case WindowAction.CLOSE_PROJECT:
                self._propagate.abandon()
                self._document.close()
            case _ if wish in FOCUSES:
                self._focus.act(wish)
            case WindowAction.HINTS:
                self._hints.begin_again()
            case _ if wish in SIGHTS:
                self._sight.act(wish)
            case WindowAction.SETTINGS:
                self._settings.ask()
            case WindowAction.PALETTE:
                self._keys.show_palette()
            case WindowAction.MODELS:
                self._models.ask()
            case _:
                self._window.act(wish)

    def _cancel(self) -> None:
        """Esc does the first that applies (FOC-7)."""
        if self._objects_router.cancel():
            return
        if not (self._prompt.discard() or self._propagate.stop() or self._objects.clear_selection()):
            self._window.use_tool(UseTool("prompt"))
