"""Any commands, undone and redone in any order, give back the exact tables."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sam2_annotator.doc import Project, commands
from sam2_annotator.doc.commands import Command, NewMask
from sam2_annotator.doc.rows import digest_of
from sam2_annotator.errors import DocError
from sam2_annotator.masks import rle
from sam2_annotator.values.attributes import AttributeKind, AttributeSpec
from sam2_annotator.values.frame import MediaKind
from sam2_annotator.values.ids import AttributeId, FrameIndex, ItemId, LabelId, ObjectId, StepId
from sam2_annotator.values.label_set import LabelSet, LabelSpec
from sam2_annotator.values.prompt import Box, Point, PromptSet
from sam2_annotator.values.states import MaskState
from support.documents import FRAMES, new_item, rectangle, tables

few = st.integers(1, 2)
items = few.map(ItemId)
labels = st.none() | few.map(LabelId)
objects = st.integers(1, 4).map(ObjectId)
several = st.lists(objects, min_size=1, max_size=3, unique=True).map(tuple)
frames = st.integers(FRAMES - 2, FRAMES - 1).map(FrameIndex)
SPECKLED = rle.difference(rectangle(0, 0, 3, 3), rectangle(5, 4, 6, 5))
masks = st.sampled_from(
    [SPECKLED, rectangle(0, 0, 2, 2), rectangle(0, 0, 8, 6), rectangle(7, 5, 8, 6), rectangle(3, 3, 3, 3)]
)
numbers = st.floats(-10, 10)
points = st.lists(st.builds(Point, numbers, numbers, st.booleans()), max_size=2).map(tuple)
prompt_sets = st.builds(PromptSet, points, st.none() | st.just(Box(0.5, 1.0, 4.0, 5.0)), st.none() | masks)
names = st.sampled_from(["dog", "cat", "größe", "=1+1", "dog, big"])
paths = st.sampled_from(["a.mp4", "b.mp4", "c.mp4", "d.mp4"])
new_items = st.lists(st.builds(new_item, paths, st.just(MediaKind.VIDEO)), min_size=1, max_size=2).map(tuple)
folders = st.sampled_from([(), (Path("/nowhere"),)])
new_masks = st.lists(st.builds(NewMask, objects, masks, numbers, numbers), min_size=1, max_size=3).map(tuple)
ranges = st.builds(lambda a, b: range(min(a, b), max(a, b)), frames, frames)
flags = st.none() | st.booleans()
states = st.sampled_from(MaskState)

attributes = few.map(AttributeId)
digits = st.none() | st.integers(1, 9)
colours = st.sampled_from([(230, 159, 0), (1, 2, 3)])
kinds = st.sampled_from(AttributeKind)
words = st.sampled_from([(), ("near", "far"), ("nigh", "far"), ("far", "near")])
values = st.none() | st.booleans() | numbers | st.sampled_from(["near", "yes", "0.5", ""])
specs = st.builds(AttributeSpec, st.sampled_from(["occluded", "side", "größe"]), kinds, words, values, st.booleans())
label_specs = st.builds(LabelSpec, names, st.none() | colours, digits, st.lists(specs, max_size=2).map(tuple))
label_sets = st.builds(
    LabelSet, st.lists(label_specs, max_size=3).map(tuple), st.lists(specs, max_size=2).map(tuple), st.none() | names
)
several_labels = st.lists(few.map(LabelId), min_size=1, max_size=2).map(tuple)
stacks = st.sampled_from(commands.Lift)
pasted = st.lists(
    st.builds(commands.Pasted, masks, st.none() | objects, labels, st.none() | st.just((1, 2, 3)), names, objects),
    min_size=1,
    max_size=2,
).map(tuple)
shaped = st.lists(
    st.builds(
        commands.Shaped, objects, masks, st.sampled_from([digest_of(rectangle(0, 0, 2, 2)), digest_of(SPECKLED)])
    ),
    max_size=2,
).map(tuple)

found = st.lists(st.builds(commands.FoundObject, masks, numbers), max_size=3).map(tuple)
relocated = st.lists(st.builds(commands.Relocated, items, paths.map(Path), names), min_size=1, max_size=2).map(tuple)
COMMANDS: dict[str, st.SearchStrategy[Command]] = {
    "AcceptObject": st.builds(commands.AcceptObject, objects, labels),
    "AddFoundObjects": st.builds(commands.AddFoundObjects, items, frames, found, labels),
    "AddItems": st.builds(commands.AddItems, new_items, folders),
    "AddLabel": st.builds(commands.AddLabel, names, st.none() | colours, digits),
    "AddObject": st.builds(commands.AddObject, items, labels, st.booleans()),
    "CombineMasks": st.builds(
        commands.CombineMasks, items, frames, objects, several, st.sampled_from(commands.Combination)
    ),
    "DeleteObject": st.builds(commands.DeleteObject, items, several),
    "LiftObjects": st.builds(commands.LiftObjects, items, several, stacks),
    "ConfirmFrames": st.builds(commands.ConfirmFrames, items, ranges),
    "FlagFrame": st.builds(commands.FlagFrame, items, frames, st.none() | names),
    "MarkAbsent": st.builds(commands.MarkAbsent, items, ranges, several),
    "PaintStroke": st.builds(commands.PaintStroke, items, frames, objects, masks, st.booleans()),
    "MergeObjects": st.builds(commands.MergeObjects, items, several),
    "PasteMasks": st.builds(commands.PasteMasks, items, ranges, pasted, st.booleans()),
    "PlaceObjects": st.builds(commands.PlaceObjects, items, several, st.none() | objects),
    "RelocateItems": st.builds(commands.RelocateItems, relocated),
    "RemoveItems": st.builds(commands.RemoveItems, st.tuples(items)),
    "RemoveMask": st.builds(commands.RemoveMask, items, frames, objects),
    "RenameLabel": st.builds(commands.RenameLabel, few.map(LabelId), names),
    "AddAttribute": st.builds(commands.AddAttribute, labels, specs),
    "ChangeAttribute": st.builds(commands.ChangeAttribute, attributes, specs),
    "DeleteAttribute": st.builds(commands.DeleteAttribute, attributes),
    "MoveAttribute": st.builds(commands.MoveAttribute, attributes, st.integers(-1, 3)),
    "SetAttribute": st.builds(commands.SetAttribute, several, attributes, frames, values),
    "DeleteLabel": st.builds(commands.DeleteLabel, few.map(LabelId)),
    "ImportLabels": st.builds(commands.ImportLabels, label_sets),
    "MergeLabels": st.builds(commands.MergeLabels, several_labels, few.map(LabelId)),
    "MoveLabel": st.builds(commands.MoveLabel, few.map(LabelId), st.integers(-1, 3)),
    "SetDefaultLabel": st.builds(commands.SetDefaultLabel, labels),
    "SetLabelColour": st.builds(commands.SetLabelColour, few.map(LabelId), colours),
    "SetLabelShortcut": st.builds(commands.SetLabelShortcut, few.map(LabelId), digits),
    "ReplaceMask": st.builds(commands.ReplaceMask, items, frames, objects, masks),
    "SetColour": st.builds(commands.SetColour, several, st.none() | st.just((9, 8, 7))),
    "SetFlags": st.builds(commands.SetFlags, several, flags, flags),
    "SetLabel": st.builds(commands.SetLabel, several, labels),
    "SetMask": st.builds(commands.SetMask, items, frames, objects, st.none() | masks, states, st.none() | numbers),
    "SetMasks": st.builds(commands.SetMasks, items, frames, new_masks),
    "SetNoOverlap": st.builds(commands.SetNoOverlap, st.booleans()),
    "SetNote": st.builds(commands.SetNote, several, names),
    "SetPrompts": st.builds(commands.SetPrompts, items, frames, objects, prompt_sets),
    "SetShapes": st.builds(commands.SetShapes, items, frames, shaped),
    "SplitObject": st.builds(commands.SplitObject, items, frames, objects),
    "TakeBackConfirmation": st.builds(commands.TakeBackConfirmation, items, ranges),
}
START: tuple[Command, ...] = (
    commands.AddItems((new_item("a.mp4"), new_item("b.mp4"))),
    commands.AddLabel("dog"),
    commands.AddLabel("cat"),
    commands.AddAttribute(LabelId(1), AttributeSpec("occluded", AttributeKind.TEXT, per_frame=True)),
    commands.AddAttribute(None, AttributeSpec("side", AttributeKind.CHOICE, ("near", "far"))),
    commands.AddObject(ItemId(1)),
    commands.AddObject(ItemId(1), LabelId(1)),
    commands.AddObject(ItemId(2), draft=True),
)
NOT_COMMANDS = {"Combination", "Command", "FoundObject", "Lift", "NewItem", "NewMask", "Relocated", "Pasted", "Shaped"}
Act = Callable[["Session"], None]


class Session:
    """A project and a step that commands may go into at any time."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.step = project.new_step("Long run")
        self.unrecorded: list[tuple[str, tuple[object, ...]]] = []

    def apply(self, command: Command, into: StepId | None, *, late: bool = False) -> None:
        """Apply; a row that is gone or a wrong call must change nothing."""
        before, revision = tables(self.project.path), self.project.revision
        try:
            changes = self.project.apply(command, into=into, late=late)
        except (DocError, ValueError):
            changes = None
        if not changes:
            assert tables(self.project.path) == before
            assert self.project.revision == revision

    def find(self, command: Command) -> None:
        """Files turn up without being a step, unless a step has to do with them."""
        before = tables(self.project.path)
        changes = self.project.apply(command, recorded=False)
        if changes and changes.step is None:
            after = tables(self.project.path)
            self.unrecorded += [(name, row) for name, rows in after.items() for row in rows if row not in before[name]]

    def added_to(self, start: dict[str, list[tuple[object, ...]]]) -> dict[str, list[tuple[object, ...]]]:
        """The start, had these files been there from the beginning."""
        found = {name: list(rows) for name, rows in start.items()}
        for name, row in self.unrecorded:
            found[name].append(row)
        return {name: sorted(rows, key=str) for name, rows in found.items()}


def test_every_command_is_tried() -> None:
    assert set(COMMANDS) == set(commands.__all__) - NOT_COMMANDS


several_commands = st.lists(st.one_of(list(COMMANDS.values())), min_size=1, max_size=3).map(tuple)
COMMANDS["Together"] = st.builds(commands.Together, several_commands)
edits = st.one_of(list(COMMANDS.values()))
runs = st.lists(edits, min_size=2, max_size=4)


def interrupted_run(
    session: Session, first: list[Command], between: list[Command], last: list[Command], at_start: bool
) -> None:
    """A run, edits of a person, the rest of the run, and its end."""
    step = session.project.new_step("Run")
    for commands_, into in ((first, step), (between, None), (last, step)):
        for command in commands_:
            session.apply(command, into)
    session.project.end_step(step, at_start=at_start)


acts = st.one_of(
    st.builds(lambda command: lambda session: session.apply(command, None), edits),
    st.builds(lambda command: lambda session: session.apply(command, session.step), edits),
    st.builds(lambda command: lambda session: session.apply(command, session.step, late=True), edits),
    st.builds(lambda *parts: lambda session: interrupted_run(session, *parts), runs, runs, runs, st.booleans()),
    st.builds(lambda command: lambda session: session.find(command), COMMANDS["AddItems"]),
    st.sampled_from([lambda session: session.project.undo(), lambda session: session.project.redo()]),
    st.builds(
        lambda at_start: lambda session: session.project.end_step(session.step, at_start=at_start), st.booleans()
    ),
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.lists(acts, max_size=15))
def test_undo_to_the_start_and_redo_to_the_end(script: list[Act]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "work.s2p"
        with Project.open(path) as project:
            first = tables(path)
            for command in START:
                project.apply(command)
            session = Session(project)
            for act in script:
                act(session)
            while project.redo() is not None:
                pass
            last = tables(path)
            visited = [last]
            while project.undo() is not None:
                visited.append(tables(path))
            assert visited[-1] == session.added_to(first)
        with Project.open(path) as project:
            for expected in reversed(visited[:-1]):
                assert project.redo() is not None
                assert tables(path) == expected
            assert project.redo() is None
            assert tables(path) == last
