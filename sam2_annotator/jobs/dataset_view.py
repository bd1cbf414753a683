"""A project as a data set: what `formats` streams from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Self

from sam2_annotator.doc import Place, Project
from sam2_annotator.doc.rows import ItemRow, MaskRow, ObjectRow
from sam2_annotator.formats.model import AttributeValue, Category, Media, Shape, Totals, Track
from sam2_annotator.jobs.attribute_view import AttributeView
from sam2_annotator.jobs.spec import Scope
from sam2_annotator.values.frame import MediaKind
from sam2_annotator.values.ids import FrameIndex, ItemId, ObjectId
from sam2_annotator.values.states import MaskState

UNLABELLED = "unlabelled"


class ProjectView:
    """A DatasetView over a read-only project, as it was when the view was opened; drafts are left out.

    A track's id is the object's id and so the same in every export. Objects without a label get the category
    `unlabelled`, which is there only when they are.
    """

    def __init__(self, project: Project, scope: Scope = Scope.ALL) -> None:
        self._project = project
        self._scope = scope
        self._items = {item.id: item for item in project.items()}
        self._objects = {item: self._exported(item) for item in self._items}
        self._frames = {item: self._known(item) for item in self._items}
        labels = sorted(project.labels(), key=lambda label: label.id)  # the order of lists moves no category
        self._attributes: tuple[ItemId, AttributeView] | None = None  # of the item that was read last
        self._categories = [Category(label.id, label.name) for label in labels]
        self._unlabelled = 1 + max((label.id for label in labels), default=0)
        if any(row.label is None for rows in self._objects.values() for row in rows.values()):
            self._categories.append(Category(self._unlabelled, UNLABELLED))

    @classmethod
    @contextmanager
    def open(cls, place: Place, scope: Scope = Scope.ALL) -> Iterator[Self]:
        """A view of a project file with a connection and a snapshot of its own. Raises DocError."""
        with Project.open_read_only(place) as project, project.snapshot():
            yield cls(project, scope)

    @property
    def revised(self) -> datetime:
        """Time of the project's last change (UTC)."""
        return self._project.revised

    @property
    def drafts(self) -> int:
        """Objects that are left out because nobody has accepted them yet."""
        return sum(row.draft for item in self._items for row in self._project.objects(item))

    def totals(self) -> Totals:
        """How much there is; the size is that of all masks, whatever the scope."""
        counts = [count for frames in self._frames.values() for count in frames.values()]
        return Totals(len(self._items), len(counts), sum(counts), self._project.mask_bytes())

    def categories(self) -> Sequence[Category]:
        """Labels by id, used or not."""
        return self._categories

    def media(self) -> Sequence[Media]:
        """Items by id."""
        return [_media(item) for item in self._items.values()]

    def tracks(self, media: Media) -> Sequence[Track]:
        """Objects of an item by id."""
        rows = self._objects[ItemId(media.id)].values()
        return [Track(row.id, media.id, self._unlabelled if row.label is None else row.label) for row in rows]

    def frames(self, media: Media) -> Sequence[int]:
        """Frames with something known of an exported object."""
        return sorted(self._frames[ItemId(media.id)])

    def shapes(self, media: Media, frame: int) -> Sequence[Shape]:
        """What is known of a frame, by object id."""
        item = ItemId(media.id)
        rows = self._project.masks(item, FrameIndex(frame))
        said = self._said(item)
        taken = (row for row in rows if row.object in self._objects[item] and self._takes(row.state))
        return [self._shape(row, said.at(self._objects[item][row.object], frame)) for row in taken]

    def _said(self, item: ItemId) -> AttributeView:
        if self._attributes is None or self._attributes[0] != item:
            self._attributes = (item, AttributeView(self._project, item))
        return self._attributes[1]

    def _exported(self, item: ItemId) -> dict[ObjectId, ObjectRow]:
        rows = sorted(self._project.objects(item), key=lambda row: row.id)
        labelled_only = self._scope is Scope.LABELLED
        return {row.id: row for row in rows if not row.draft and (row.label is not None or not labelled_only)}

    def _known(self, item: ItemId) -> dict[FrameIndex, int]:
        """Frames and how many objects something is known of there."""
        counts: Counter[FrameIndex] = Counter()
        for object_id, states in self._project.states(item).items():
            if object_id in self._objects[item]:
                counts.update(frame for frame, state in states.items() if self._takes(state))
        return counts

    def _takes(self, state: MaskState) -> bool:
        return self._scope is not Scope.CONFIRMED or state.is_human

    def _shape(self, row: MaskRow, attributes: Mapping[str, AttributeValue]) -> Shape:
        mask = None if row.digest is None else self._project.mask(row.digest)
        return Shape(row.object, row.frame, mask, row.iou, attributes=attributes)


def _media(item: ItemRow) -> Media:
    is_picture = item.kind is MediaKind.IMAGE
    return Media(
        id=item.id,
        kind="image" if is_picture else "video",
        name=item.path.stem if item.kind is MediaKind.VIDEO else item.path.name,
        path=item.path,
        width=item.width,
        height=item.height,
        frames=item.frames,
        fps=item.fps,
    )
