"""The shown frame with its masks, prompts and candidates."""

from __future__ import annotations

from functools import reduce

from PySide6.QtCore import QObject, Slot

from sam2_annotator.doc.changes import Changes
from sam2_annotator.doc.object_lists import ObjectSummary
from sam2_annotator.doc.project import Project
from sam2_annotator.doc.rows import ObjectRow
from sam2_annotator.masks import rle
from sam2_annotator.ui.canvas.strip_place import around, place_strip
from sam2_annotator.ui.canvas.values import CanvasMask, DrawingTarget, PointerInfo
from sam2_annotator.ui.canvas.view import CanvasView
from sam2_annotator.ui.document_bus import DocumentBus
from sam2_annotator.ui.live_settings import LiveSettings, SettingsChange
from sam2_annotator.ui.object_keys import draft_of, listed_name, name_of, target_of
from sam2_annotator.ui.object_looks import Looks, colour_of
from sam2_annotator.ui.panels.candidates import CandidateEntry, CandidateStrip
from sam2_annotator.ui.presenters.thumbnails import candidate_pictures
from sam2_annotator.ui.threads.decoder_worker import FrameAnswer, FrameFailed, FrameReady
from sam2_annotator.ui.threads.frame_client import FrameClient
from sam2_annotator.ui.view_state import Offer, ShownItem, View, ViewChange, ViewState
from sam2_annotator.values.ids import FrameIndex, ObjectId
from sam2_annotator.values.mask import Mask
from sam2_annotator.values.palette import COLOURS
from sam2_annotator.values.prompt import PromptSet
from sam2_annotator.values.states import MaskState


class CanvasPresenter(QObject):
    """Asks for frames and shows them together with what the document has of exactly that frame."""

    def __init__(
        self,
        bus: DocumentBus,
        view: ViewState,
        frames: FrameClient,
        canvas: CanvasView,
        strip: CandidateStrip,
        settings: LiveSettings,
    ) -> None:
        super().__init__()
        self._bus = bus
        self._view = view
        self._frames = frames
        self._canvas = canvas
        self._strip = strip
        self._settings = settings
        self._on_screen: FrameReady | None = None
        self._offered: Offer | None = None
        self._shown: dict[ObjectId, tuple[ObjectSummary, CanvasMask]] = {}  # most stay when one changes
        self._looked: object = None  # what they looked by
        strip.previewed.connect(self._preview)
        canvas.resized.connect(self._place_strip)
        canvas.pointer_moved.connect(self._fade_strip)

    @Slot(object)
    def on_view(self, change: ViewChange) -> None:
        """Follow the view."""
        shown = self._view.item
        if change.concerns(View.ITEM) and shown is None:
            self._clear("")
        if change.concerns(View.ITEM, View.FRAME) and shown is not None:
            self._frames.show(shown.media, self._view.frame, frames=shown.facts.frames)
        if change.concerns(View.SELECTION):
            self._canvas.set_context(selection=self._view.selection)
        if change.concerns(View.SELECTION, View.ITEM):
            self._show_objects()
        if change.concerns(View.OFFER, View.FRAME, View.ITEM, View.SELECTION):
            self._show_offer()
        if change.concerns(View.PREVIEW):
            self._show_preview()
        if change.concerns(View.DRAWING):
            self._canvas.set_drawing(self._view.drawing)
        if change.concerns(View.TOOL):
            self._canvas.set_tool(self._view.tool)
        if change.concerns(View.MASKS):
            self._canvas.set_masks_visible(self._view.masks_visible)
            self._show_objects()
        if change.concerns(View.ADJUSTMENT):
            self._canvas.set_adjustment(self._view.adjustment)
        if change.concerns(View.WAITING):
            self._canvas.set_busy(self._view.waiting)

    @Slot(object)
    def on_frame(self, answer: FrameAnswer) -> None:
        """A frame is there, or cannot be read."""
        shown = self._view.item
        if shown is None or answer.media != shown.media:
            return
        if isinstance(answer, FrameFailed):
            self._clear(f"{answer.error.message} {answer.error.hint}".strip())
            return
        before = self._on_screen
        same_clip = before is not None and before.media == answer.media
        self._on_screen = answer
        self._canvas.set_message("")
        keep = before is not None and (same_clip or before.image.shape == answer.image.shape)
        self._canvas.set_place((answer.media, answer.frame))  # ids alone are those of another project too
        self._canvas.set_frame(answer.image, keep_view=keep)
        self._show_objects()

    @Slot(object)
    def on_changes(self, changes: Changes) -> None:
        """Redraw what a change concerns."""
        on_screen = self._on_screen
        if on_screen is None:
            return
        place = (on_screen.media.item, on_screen.frame)
        places = changes.masks | changes.prompts | changes.reviews
        if changes.objects or changes.labels or place in places:
            self._show_objects()
            self._show_offer()

    @Slot(object)
    def on_settings(self, change: SettingsChange) -> None:
        """Masks may look different now."""
        if change.concerns("fill", "colour_by"):
            self._show_objects()

    def _clear(self, message: str) -> None:
        self._on_screen = None
        self._canvas.set_place(None)
        self._canvas.set_target(DrawingTarget())
        self._canvas.set_frame(None, keep_view=False)
        self._canvas.set_masks(())
        self._canvas.set_prompts(PromptSet(), draft=False)
        self._canvas.set_message(message)

    def _show_objects(self) -> None:
        """Masks and prompts of the frame on the screen, which may lag behind the wanted one."""
        project, shown, on_screen = self._bus.project, self._view.item, self._on_screen
        if project is None or shown is None or on_screen is None or on_screen.media != shown.media:
            return
        frame = on_screen.frame
        selected = frozenset(self._view.selection)
        rows = [row for row in project.object_list(shown.media.item, frame) if row.digest is not None and row.visible]
        if self._view.only_selected:
            rows = [row for row in rows if row.id in selected or row.draft]
        rows.sort(key=lambda row: (row.z, row.id))
        looks, fill = Looks(project, self._settings.now.colour_by), self._settings.now.fill
        review = project.review(shown.media.item, frame)
        looked = (looks.sources, fill, review is not None and review.flag is not None)
        before = self._shown if self._looked == looked else {}
        pixels = {old.digest: mask.mask for old, mask in self._shown.values()}
        self._looked, self._shown = looked, {}
        for row in rows:
            known = before.get(row.id)
            if known is None or known[0] is not row or known[1].selected != (row.id in selected):
                assert row.digest is not None, "an object that is shown"
                assert row.state is not None, "a mask has a state"
                mask = pixels.get(row.digest) or project.mask(row.digest)
                known = (
                    row,
                    self._mask(
                        row, listed_name(row), row.state, mask, looks, selected=row.id in selected, flagged=looked[2]
                    ),
                )
            self._shown[row.id] = known
        self._canvas.set_masks(tuple([mask for _, mask in self._shown.values()]))
        self._show_prompts(project, shown, frame)
        self._canvas.set_target(self._target(project, shown, frame))

    def _mask(
        self,
        row: ObjectRow | ObjectSummary,
        name: str,
        state: MaskState,
        pixels: Mask,
        looks: Looks,
        *,
        selected: bool,
        flagged: bool = False,
    ) -> CanvasMask:
        return CanvasMask(
            row.id,
            row.number,
            name,
            pixels,
            state,
            selected=selected,
            draft=row.draft,
            locked=row.locked,
            flagged=flagged and not row.draft,
            opacity=self._settings.now.fill,
            colour=looks.colour(row, state),
        )

    def _target(self, project: Project, shown: ShownItem, frame: FrameIndex) -> DrawingTarget:
        """What strokes go into: the object prompts go to, or one still to be made."""
        if project.read_only:
            return DrawingTarget()
        item, nothing = shown.media.item, rle.empty(shown.facts.height, shown.facts.width)
        row = target_of(project, item, self._view.selection)
        if row is None:
            number = 1 + project.highest(ObjectRow, "number", item=item)
            new = CanvasMask(ObjectId(0), number, "", nothing, draft=True, opacity=self._settings.now.fill)
            return DrawingTarget(new, may_add=True, editable=True)
        mask, looks = project.mask_row(item, frame, row.id), Looks(project, self._settings.now.colour_by)
        state = MaskState.KEY if mask is None or mask.digest is None else mask.state
        pixels = nothing if mask is None or mask.digest is None else project.mask(mask.digest)
        selected = row.id in self._view.selection
        shape = self._mask(row, name_of(project, row), state, pixels, looks, selected=selected)
        return DrawingTarget(shape, may_add=not row.locked, may_take=not row.locked, editable=True)

    def _show_prompts(self, project: Project, shown: ShownItem, frame: FrameIndex) -> None:
        target = next((project.object(o) for o in self._view.selection), None) or draft_of(project, shown.media.item)
        seen = target is not None and target.visible
        row = project.prompts(shown.media.item, frame, target.id) if target is not None and seen else None
        prompts = PromptSet() if row is None else row.prompts
        self._canvas.set_prompts(prompts, draft=target is not None and target.draft)

    # -------------------------------------------------------------------------------------------- candidates

    def _valid_offer(self) -> Offer | None:
        """The candidates, while the document still has the click they answer and it is in view."""
        offer, project, shown = self._view.offer, self._bus.project, self._view.item
        if offer is None or project is None or shown is None:
            return None
        if (offer.item, offer.frame) != (shown.media.item, self._view.frame):
            return None
        row = project.prompts(offer.item, offer.frame, offer.object_id)
        return offer if row is not None and row.prompts == offer.prompts else None

    def _show_offer(self) -> None:
        offer, on_screen = self._valid_offer(), self._on_screen
        shown, self._offered = self._offered, offer
        if offer is None or on_screen is None:
            if shown is not None:
                self._strip.set_candidates((), 0)
        elif shown is not None and shown.candidates == offer.candidates:
            self._strip.set_chosen(offer.chosen)
        else:
            row = None if self._bus.project is None else self._bus.project.object(offer.object_id)
            pictures = candidate_pictures(
                on_screen.image, offer.candidates, COLOURS[0] if row is None else colour_of(row)
            )
            qualities = (candidate.iou for candidate in offer.candidates)
            self._strip.set_candidates(tuple(map(CandidateEntry, pictures, qualities)), offer.chosen)
            self._place_strip()

    @Slot()
    def _place_strip(self) -> None:
        """Beside the picture, or over it where none of the candidates is; where it is as long as it shows."""
        offer, size = self._offered, self._canvas.picture_size
        if offer is None or size is None:
            return
        flat, upright = (self._strip.set_upright(standing).toTuple() for standing in (False, True))
        to_canvas = self._canvas.camera.to_canvas
        boxes = [candidate.mask.box for candidate in offer.candidates if candidate.mask]
        corners = [(*to_canvas(*box[:2]), *to_canvas(*box[2:])) for box in boxes]
        clear = reduce(around, corners) if corners else (0.0, 0.0, 0.0, 0.0)
        picture = (*to_canvas(0, 0), *to_canvas(*size))
        canvas = (self._canvas.width(), self._canvas.height())
        place = place_strip(canvas, picture, clear, flat=flat, upright=upright)
        self._strip.set_upright(place.upright)
        self._strip.move(place.x, place.y)

    @Slot(object)
    def _fade_strip(self, pointer: PointerInfo) -> None:
        if self._strip.isVisible():
            x, y = self._canvas.camera.to_canvas(pointer.x, pointer.y)
            self._strip.set_faded(pointer.pressed and self._strip.geometry().contains(round(x), round(y)))

    def _show_preview(self) -> None:
        preview = self._view.preview
        self._canvas.set_ghost(preview.mask if preview is not None and preview.ghost else None)
        self._canvas.set_preview(preview.mask if preview is not None and not preview.ghost else None)

    @Slot(object)
    def _preview(self, index: int | None) -> None:
        offer = self._valid_offer()
        self._canvas.set_preview(None if offer is None or index is None else offer.candidates[index].mask)
