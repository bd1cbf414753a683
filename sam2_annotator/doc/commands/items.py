"""Pictures and clips come and go."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from sam2_annotator.doc import beside, folders
from sam2_annotator.doc.commands.objects import delete_object
from sam2_annotator.doc.edit import Edit
from sam2_annotator.doc.rows import ItemRow, ObjectRow, ReviewRow, path_text
from sam2_annotator.errors import DocError
from sam2_annotator.values.frame import MediaFacts, MediaKind
from sam2_annotator.values.ids import ItemId


@dataclass(frozen=True, slots=True)
class NewItem:
    """A picture or a clip, and what its header tells."""

    kind: MediaKind
    path: Path
    facts: MediaFacts


@dataclass(frozen=True, slots=True)
class AddItems:
    """Items join the project in this order. A path that is there already is passed over, but for a file that could not
    be read and now can: its item learns its size.

    The project follows `folders` from now on (doc/folders.py).
    """

    items: tuple[NewItem, ...]
    folders: tuple[Path, ...] = ()

    @property
    def title(self) -> str:
        """What the Edit menu calls it."""
        return f"Add {self.items[0].path.name}" if len(self.items) == 1 else f"Add {len(self.items)} items"

    def apply(self, edit: Edit) -> None:
        """Write the rows."""
        for folder in self.folders:
            folders.follow(edit, folder)
        folders.take_in(edit, (new.path for new in self.items))
        passed = set(edit.paths_there(new.path for new in self.items))
        unread = {row.path: row for row in edit.find(ItemRow, frames=0)}
        for new in self.items:
            if new.path in passed:
                if new.path in unread and new.facts.frames:
                    edit.put(_read(unread.pop(new.path), new))
                continue
            passed.add(new.path)
            facts = new.facts
            number = ItemId(edit.new_id(ItemRow))
            edit.put(ItemRow(number, new.kind, new.path, facts.width, facts.height, facts.frames, facts.fps))


def _read(row: ItemRow, new: NewItem) -> ItemRow:
    facts = new.facts
    return replace(
        row, kind=new.kind, width=facts.width, height=facts.height, frames=facts.frames, fps=facts.fps, fingerprint=None
    )


@dataclass(frozen=True, slots=True)
class RemoveItems:
    """Items leave the project with all that was made on them; the files stay where they are."""

    items: tuple[ItemId, ...]

    @property
    def title(self) -> str:
        """What the Edit menu calls it."""
        return "Remove item" if len(self.items) == 1 else f"Remove {len(self.items)} items"

    def apply(self, edit: Edit) -> None:
        """Delete the rows."""
        for item in self.items:
            row = edit.require(ItemRow, item)
            for found in edit.find(ObjectRow, item=item):
                delete_object(edit, found)
            for review in edit.find(ReviewRow, item=item):
                edit.delete(review)
            edit.delete(row)
            folders.leave_out(edit, row.path)


@dataclass(frozen=True, slots=True)
class Relocated:
    """Where the file of an item is now, and its fingerprint (media/identity.py)."""

    item: ItemId
    path: Path
    fingerprint: str


@dataclass(frozen=True, slots=True)
class RelocateItems:
    """The files of items were found elsewhere."""

    items: tuple[Relocated, ...]

    @property
    def title(self) -> str:
        """What the Edit menu calls it."""
        return f"Find {self.items[0].path.name}" if len(self.items) == 1 else f"Find {len(self.items)} files"

    def apply(self, edit: Edit) -> None:
        """Write the rows. Raises DocError when a file is an item already."""
        for found in self.items:
            row = edit.require(ItemRow, found.item)
            if any(other.id != row.id for other in edit.find(ItemRow, path=path_text(found.path))):
                raise DocError(f"{found.path.name} is in the project already.")
            near = beside.relative(found.path, edit.folder)
            edit.put(replace(row, path=found.path, beside=near, fingerprint=found.fingerprint))
