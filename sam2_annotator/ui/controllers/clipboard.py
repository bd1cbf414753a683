"""Copy, cut and paste of masks between frames, pictures, clips and windows of the program (OBJ-9)."""

from __future__ import annotations

import cv2
import numpy as np
from PySide6.QtCore import QMimeData, QObject
from PySide6.QtGui import QClipboard, QImage

from sam2_annotator.doc.changes import Changes
from sam2_annotator.doc.commands import DeleteObject, MarkAbsent, Pasted, PasteMasks
from sam2_annotator.doc.project import Project
from sam2_annotator.jobs.copied import MIME, CopiedMask, Source, from_text, to_text
from sam2_annotator.masks import rle
from sam2_annotator.masks.morphology import moved, resized
from sam2_annotator.ui.controllers.chosen import Chosen, chosen
from sam2_annotator.ui.controllers.label_by_name import label_named
from sam2_annotator.ui.controllers.large_edits import LargeEdits
from sam2_annotator.ui.document_bus import DocumentBus
from sam2_annotator.ui.i18n import tr
from sam2_annotator.ui.notices import Notices, Tone
from sam2_annotator.ui.panels.object_forms import RangeForm
from sam2_annotator.ui.threads.frame_client import FrameClient
from sam2_annotator.ui.view_state import ShownItem, ViewState
from sam2_annotator.values.ids import FrameIndex, LabelId, ObjectId, StepId
from sam2_annotator.values.intents import DocumentAction
from sam2_annotator.values.mask import Mask
from sam2_annotator.values.object_intents import PasteToFrames

_OFFSET = 10
_ROWS_OF_A_PASTE = 4  # it looks at what is there, and stores the mask
_MOST_IMAGE_PIXELS = 40_000_000


class ClipboardController(QObject):
    """The system's clipboard holds the masks as text, and what they cut out as a picture for other programs."""

    def __init__(
        self,
        bus: DocumentBus,
        view: ViewState,
        notices: Notices,
        large: LargeEdits,
        frames: FrameClient,
        *,
        clipboard: QClipboard,
        form: RangeForm,
    ) -> None:
        super().__init__()
        self._bus = bus
        self._view = view
        self._notices = notices
        self._large = large
        self._frames = frames
        self._clipboard = clipboard
        self._form = form

    # --------------------------------------------------------------------------------------------- copying

    def copy(self) -> None:
        """The selected masks of this frame go to the clipboard."""
        found = chosen(self._bus, self._view, self._notices, change=False)
        copied = () if found is None else self._copied(found)
        if found is not None and copied:
            self._keep(found, copied)
            self._notices.post(tr("Copied {names}.", names=found.names))

    def cut(self) -> None:
        """Copied, and gone from here: in a picture the objects, in a clip their masks on this frame."""
        found = chosen(self._bus, self._view, self._notices)
        copied = () if found is None else self._copied(found)
        if found is None or not copied:
            return
        self._keep(found, copied)
        objects = tuple(mask.source.object_id for mask in copied)
        step = found.project.new_step("Cut")
        if found.shown.media.is_clip:
            self._bus.apply(MarkAbsent(found.item, range(found.frame, found.frame + 1), objects), into=step)
        else:
            self._bus.apply(DeleteObject(found.item, objects), into=step)
        self._bus.end_step(step)
        self._notices.post(tr("Cut {names}.", names=found.names), Tone.PLAIN, (tr("Undo"), DocumentAction.UNDO))

    def _copied(self, found: Chosen) -> tuple[CopiedMask, ...]:
        copied = []
        for row in found.rows:
            mask = found.mask(row.id)
            if mask is not None:
                label = None if row.label is None else found.project.label(row.label)
                source = Source(str(found.project.path), found.item, row.id)
                copied.append(CopiedMask(mask, None if label is None else label.name, row.colour, row.note, source))
        if not copied:
            self._notices.post(tr("{names}: no mask on this frame.", names=found.names))
        return tuple(copied)

    def _keep(self, found: Chosen, copied: tuple[CopiedMask, ...]) -> None:
        content = QMimeData()
        content.setData(MIME, to_text(copied).encode())
        picture = self._cut_out(found, copied)
        if picture is not None:
            content.setImageData(picture)
        self._clipboard.setMimeData(content)

    def _cut_out(self, found: Chosen, copied: tuple[CopiedMask, ...]) -> QImage | None:
        """What the masks cover, with nothing around it; None while the frame is not at hand or for a vast one."""
        ready = self._frames.at_hand(found.shown.media, found.frame)
        union = copied[0].mask
        for other in copied[1:]:
            union = rle.union(union, other.mask)
        x0, y0, x1, y1 = union.box
        if ready is None or (x1 - x0) * (y1 - y0) > _MOST_IMAGE_PIXELS:
            return None
        colours = cv2.cvtColor(ready.image[y0:y1, x0:x1], cv2.COLOR_RGB2RGBA)
        colours[..., 3] = np.where(rle.crop(union), 255, 0)
        colours[colours[..., 3] == 0] = 0
        return QImage(colours.data, x1 - x0, y1 - y0, 4 * (x1 - x0), QImage.Format.Format_RGBA8888).copy()

    # --------------------------------------------------------------------------------------------- pasting

    def paste(self) -> None:
        """What was copied comes to the shown frame, at the same place."""
        copied = self._read()
        if copied:
            self._put(copied, 1, title="Paste")

    def ask_range(self) -> None:
        """Ask for how many frames what was copied is meant."""
        shown = self._view.item
        if self._bus.writable is None or shown is None or not self._read():
            return
        if shown.media.is_clip:
            self._form.ask(shown.facts.frames - self._view.frame)
        else:
            self.paste()

    def paste_to(self, wish: PasteToFrames) -> None:
        """What was copied comes to several frames."""
        copied = self._read()
        if copied:
            self._put(copied, wish.count, title="Paste to frames", keep_drawn=True)

    def duplicate(self) -> None:
        """The selected masks once more as new objects, a little aside so that they can be seen."""
        found = chosen(self._bus, self._view, self._notices, change=False)
        copied = () if found is None else self._copied(found)
        if found is None or not copied or self._bus.writable is None:
            return
        aside = [(mask, moved(mask.mask, _OFFSET, _OFFSET)) for mask in copied]
        masks = tuple(
            self._as_new(found.project, mask, place or mask.mask, label_named(self._bus, found.project, mask.label)[0])
            for mask, place in aside
        )
        changes = self._bus.apply(PasteMasks(found.item, range(found.frame, found.frame + 1), masks, title="Duplicate"))
        if changes:
            self._view.select(*map(ObjectId, changes.created))

    def taken_along(self) -> tuple[CopiedMask, ...]:
        """What "copy to the next frame" takes: the selected masks, without a selection all that can be seen."""
        project, shown = self._bus.writable, self._view.item
        if project is None or shown is None:
            return ()
        rows = tuple(
            row
            for row in project.objects(shown.media.item)
            if not row.draft and (row.id in self._view.selection if self._view.selection else row.visible)
        )
        return self._copied(Chosen(project, shown, self._view.frame, rows)) if rows else ()

    def put_along(self, copied: tuple[CopiedMask, ...]) -> None:
        """The masks that were taken along come to the frame that is shown now, unless a person spoke about it."""
        if copied:
            self._put(copied, 1, title="Copy to next frame", keep_drawn=True)

    def tell_end(self) -> None:
        """There is nowhere to take masks along to."""
        self._notices.post(tr("There is no next frame."))

    def _read(self) -> tuple[CopiedMask, ...]:
        content = self._clipboard.mimeData()
        if content is None or not content.hasFormat(MIME):
            self._notices.post(tr("There are no masks to paste. Select an object and press Ctrl+C."))
            return ()
        try:
            return from_text(bytes(content.data(MIME).data()))
        except ValueError:
            self._notices.post(tr("What is on the clipboard cannot be read. Copy it again."), Tone.WARNING)
            return ()

    def _put(self, copied: tuple[CopiedMask, ...], count: int, *, title: str, keep_drawn: bool = False) -> None:
        project, shown = self._bus.writable, self._view.item
        if project is None or shown is None:
            return
        first, last = self._view.frame, min(self._view.frame + count, shown.facts.frames)
        step: StepId | None = None
        masks, passed_over = [], 0
        for copy in copied:
            fitting = resized(copy.mask, shown.facts.height, shown.facts.width)
            into = self._same_object(project, shown, copy, always=keep_drawn)
            if not fitting or (into is not None and self._is_locked(project, into)):
                passed_over += 1
                continue
            label, made = (None, None) if into is not None else label_named(self._bus, project, copy.label)
            step = made or step
            masks.append(Pasted(fitting, into) if into else self._as_new(project, copy, fitting, label))
        if passed_over:
            text = tr("Left out: {count} masks that are locked or too small here.", count=passed_over)
            self._notices.post(text, Tone.WARNING)
        if not masks:
            return
        command = PasteMasks(shown.media.item, range(first, last), tuple(masks), keep_drawn, title)

        def pasted(changes: Changes) -> None:
            into_ids = [mask.into for mask in masks if mask.into is not None]
            self._view.select(*into_ids, *map(ObjectId, changes.created))
            if count > 1:
                frames = len(changes.masks)
                text = tr("Pasted to {count} frames.", count=frames)
                self._notices.post(text, Tone.PLAIN, (tr("Undo"), DocumentAction.UNDO))

        def unchanged() -> None:
            self._notices.post(tr("{title}: nothing to change.", title=tr(title)))

        rows = _ROWS_OF_A_PASTE * (last - first) * len(masks)
        self._large.apply(command, rows=rows, into=step, then=pasted, nothing=unchanged)

    def _same_object(self, project: Project, shown: ShownItem, copy: CopiedMask, *, always: bool) -> ObjectId | None:
        """The object a mask was copied from, when it is one of the shown item and has nothing on this frame."""
        row = project.object(copy.source.object_id) if copy.source.project == str(project.path) else None
        if row is None or row.item != shown.media.item or not shown.media.is_clip:
            return None
        here = project.mask_row(shown.media.item, FrameIndex(self._view.frame), row.id)
        return row.id if always or here is None or here.digest is None else None

    def _is_locked(self, project: Project, object_id: ObjectId) -> bool:
        row = project.object(object_id)
        return row is not None and row.locked

    def _as_new(self, project: Project, copy: CopiedMask, mask: Mask, label: LabelId | None) -> Pasted:
        same = copy.source.project == str(project.path) and project.object(copy.source.object_id) is not None
        return Pasted(mask, None, label, copy.colour, copy.note, copy.source.object_id if same else None)
