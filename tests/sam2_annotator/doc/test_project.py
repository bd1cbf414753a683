"""The façade: transactions, steps, undo over restarts, failing writes, second openers."""

import shutil
import threading
import time
from pathlib import Path

import pytest

from sam2_annotator.doc import Changes, Origin, Project, copies
from sam2_annotator.doc.commands import (
    AcceptObject,
    AddItems,
    AddLabel,
    AddObject,
    DeleteObject,
    NewMask,
    RenameLabel,
    SetMask,
    SetMasks,
    SetPrompts,
)
from sam2_annotator.errors import DocError, StorageError
from sam2_annotator.values.frame import MediaKind
from sam2_annotator.values.ids import FrameIndex, ItemId, LabelId, ObjectId, StepId
from sam2_annotator.values.prompt import Point, PromptSet
from sam2_annotator.values.states import MaskState
from support.documents import add_clip, add_object, new_item, rectangle, tables


def frame(number: int) -> FrameIndex:
    return FrameIndex(number)


def test_changes_name_what_a_command_touched(project: Project) -> None:
    item = add_clip(project)
    object_id = add_object(project, item)
    changes = project.apply(SetMask(item, frame(2), object_id, rectangle(1, 1, 3, 3), MaskState.KEY))
    assert changes
    assert changes.origin is Origin.USER
    assert changes.masks == {(item, 2)}
    assert not changes.objects
    assert not changes.items
    assert changes.revision == project.revision


def test_a_command_that_changes_nothing_leaves_no_trace(project: Project) -> None:
    item = add_clip(project)
    object_id = add_object(project, item)
    command = SetMask(item, frame(0), object_id, rectangle(0, 0, 2, 2), MaskState.KEY)
    project.apply(command)
    project.undo()
    project.redo()
    revision = project.revision
    assert not project.apply(command)
    assert project.revision == revision


def test_commands_of_one_step_are_undone_together(project: Project) -> None:
    item = add_clip(project)
    step = project.new_step("Point")
    object_id = project.apply(AddObject(item), into=step).created[0]
    project.apply(SetMask(item, frame(0), object_id, rectangle(0, 0, 2, 2), MaskState.KEY), into=step)
    assert project.undo_title == "Point"
    undone = project.undo()
    assert undone is not None
    assert undone.origin is Origin.UNDO
    assert undone.step == step
    assert project.objects(item) == ()
    assert project.redo_title == "Point"
    assert project.redo()
    assert project.mask_row(item, frame(0), object_id) is not None


def test_a_command_can_join_the_step_another_opened(project: Project) -> None:
    first = project.apply(AddItems((new_item(),)))
    project.apply(AddLabel("dog"), into=first.step)
    project.undo()
    assert project.items() == ()
    assert project.labels() == ()


def test_undo_and_redo_survive_a_restart(path: Path) -> None:
    with Project.open(path) as project:
        item = add_clip(project)
        add_object(project, item)
        project.undo()
    with Project.open(path) as project:
        assert project.redo_title == "Add object"
        assert project.undo_title == "Add clip.mp4"
        assert project.redo()
        assert len(project.objects(item)) == 1
    with Project.open(path) as project:
        assert project.undo()
        assert project.undo()
        assert project.undo() is None
        assert project.items() == ()


def test_a_new_command_drops_the_redo_tail(project: Project) -> None:
    add_clip(project)
    project.apply(AddLabel("dog"))
    project.undo()
    project.apply(AddLabel("cat"))
    assert project.redo() is None
    assert [label.name for label in project.labels()] == ["cat"]


def test_an_answer_into_an_undone_step_is_dropped(project: Project) -> None:
    item = add_clip(project)
    object_id = add_object(project, item)
    step = project.new_step("Propagate")
    masks = (NewMask(object_id, rectangle(0, 0, 2, 2), 0.9, 1.0),)
    project.apply(SetMasks(item, frame(1), masks), into=step, origin=Origin.ENGINE)
    project.undo()
    late = project.apply(SetMasks(item, frame(2), masks), into=step, origin=Origin.ENGINE)
    assert not late
    assert late == Changes(project.revision, Origin.ENGINE)
    assert project.masks(item, frame(2)) == ()
    assert project.redo_title == "Propagate"
    project.apply(AddLabel("dog"))
    assert not project.apply(SetMasks(item, frame(3), masks), into=step)


def test_parts_of_a_run_become_one_step_at_its_end(project: Project) -> None:
    item = add_clip(project)
    object_id = add_object(project, item)
    run = project.new_step("Propagate")
    masks = (NewMask(object_id, rectangle(0, 0, 2, 2), 0.9, 1.0),)
    project.apply(SetMasks(item, frame(1), masks), into=run)
    project.apply(AddLabel("dog"))
    project.apply(SetMasks(item, frame(2), masks), into=run)
    project.end_step(run)
    project.undo()
    assert project.masks(item, frame(1)) == project.masks(item, frame(2)) == ()
    assert project.undo_title == "Add label dog"
    project.undo()
    assert project.labels() == ()
    project.redo()
    project.redo()
    assert project.masks(item, frame(1)) != ()


def test_parts_stay_apart_when_an_edit_between_touched_their_rows(project: Project) -> None:
    item = add_clip(project)
    object_id = add_object(project, item)
    run = project.new_step("Propagate")
    masks = (NewMask(object_id, rectangle(0, 0, 2, 2), 0.9, 1.0),)
    project.apply(SetMasks(item, frame(1), masks), into=run)
    project.apply(SetMask(item, frame(1), object_id, rectangle(3, 3, 5, 5), MaskState.KEY))
    project.apply(SetMasks(item, frame(2), masks), into=run)
    project.end_step(run)
    project.undo()
    assert project.masks(item, frame(2)) == ()
    assert project.masks(item, frame(1))[0].state is MaskState.KEY
    project.undo()
    assert project.masks(item, frame(1))[0].state is MaskState.PROPAGATED


def test_parts_stay_apart_when_an_edit_between_hangs_on_their_rows(project: Project) -> None:
    item = add_clip(project)
    step = project.new_step("Make")
    object_id = project.apply(AddObject(item), into=step).created[0]
    project.apply(SetMask(item, frame(0), object_id, rectangle(0, 0, 2, 2), MaskState.KEY))
    project.apply(AddLabel("dog"), into=step)
    project.end_step(step)
    project.undo()
    assert [row.id for row in project.objects(item)] == [object_id]


def test_parts_join_where_the_step_began_when_asked_to(project: Project) -> None:
    step = project.new_step("Add items")
    item = ItemId(project.apply(AddItems((new_item("a.mp4"),)), into=step).created[0])
    object_id = project.apply(AddObject(item, draft=True)).created[0]
    project.apply(AcceptObject(object_id, None))
    second = project.apply(AddItems((new_item("b.mp4"),)), into=step).created[0]
    project.undo()
    project.redo()
    project.end_step(step, at_start=True)
    assert project.undo_title == "Accept object"
    project.undo()
    project.undo()
    assert project.objects(item) == ()
    assert [row.id for row in project.items()] == [item, second]
    project.undo()
    assert project.items() == ()
    for _ in range(3):
        project.redo()
    assert not project.objects(item)[0].draft
    assert len(project.items()) == 2


def test_a_mask_that_comes_after_the_accept_joins_its_click(project: Project) -> None:
    item = add_clip(project)
    click = project.new_step("Add object")
    object_id = project.apply(AddObject(item, draft=True), into=click).created[0]
    project.apply(AcceptObject(object_id, None))
    project.apply(SetMask(item, frame(0), object_id, rectangle(0, 0, 2, 2), MaskState.KEY), into=click)
    project.end_step(click, at_start=True)
    project.undo()
    assert project.objects(item)[0].draft
    assert project.masks(item, frame(0)) != ()
    project.undo()
    assert project.objects(item) == ()


def test_names_swapped_within_one_step_are_undone_and_redone(project: Project) -> None:
    dog, cat = (LabelId(project.apply(AddLabel(name)).created[0]) for name in ("dog", "cat"))
    step = project.new_step("Swap")
    for label, name in ((dog, "cow"), (cat, "dog"), (dog, "cat")):
        project.apply(RenameLabel(label, name), into=step)
    project.undo()
    assert [row.name for row in project.labels()] == ["dog", "cat"]
    project.redo()
    assert [row.name for row in project.labels()] == ["cat", "dog"]


def two_clicks(project: Project) -> tuple[ItemId, ObjectId, StepId]:
    """A first click without its mask, and a second one with its own, which is undone."""
    item = add_clip(project)
    first = project.new_step("First click")
    object_id = ObjectId(project.apply(AddObject(item, draft=True), into=first).created[0])
    project.apply(SetPrompts(item, frame(0), object_id, PromptSet((Point(1, 1),))), into=first)
    second = project.new_step("Second click")
    project.apply(SetPrompts(item, frame(0), object_id, PromptSet((Point(1, 1), Point(2, 2)))), into=second)
    project.apply(SetMask(item, frame(0), object_id, rectangle(0, 0, 4, 4), MaskState.KEY), into=second)
    project.undo()
    return item, object_id, first


def test_a_late_answer_joins_its_step_and_leaves_what_can_be_redone(project: Project, path: Path) -> None:
    item, object_id, first = two_clicks(project)
    small, large = rectangle(0, 0, 2, 2), rectangle(0, 0, 4, 4)
    assert project.apply(SetMask(item, frame(0), object_id, small, MaskState.KEY), into=first, late=True)
    answered = tables(path)
    assert project.undo_title == "First click"
    assert project.redo_title == "Second click"
    project.redo()
    assert project.mask(project.masks(item, frame(0))[0].digest) == large
    project.undo()
    assert tables(path) == answered
    project.undo()
    assert project.objects(item) == ()
    project.redo()
    assert tables(path) == answered


def test_a_late_answer_lies_below_what_a_person_did_since(project: Project) -> None:
    item, object_id, first = two_clicks(project)
    project.apply(AcceptObject(object_id, None))
    project.apply(SetMask(item, frame(0), object_id, rectangle(0, 0, 2, 2), MaskState.KEY), into=first, late=True)
    assert project.undo_title == "Accept object"
    project.undo()
    assert project.masks(item, frame(0)) != ()
    project.undo()
    assert project.objects(item) == ()


def test_a_late_answer_gives_up_a_redo_that_would_leave_its_row_behind(project: Project) -> None:
    item, object_id, first = two_clicks(project)
    project.apply(DeleteObject(item, (object_id,)))
    project.undo()
    assert project.apply(
        SetMask(item, frame(0), object_id, rectangle(0, 0, 2, 2), MaskState.KEY), into=first, late=True
    )
    assert project.redo_title is None
    project.undo()
    assert project.objects(item) == ()


def test_parts_stay_apart_when_one_takes_a_name_that_was_given_up_between(project: Project) -> None:
    label = LabelId(project.apply(AddLabel("dog")).created[0])
    step = project.new_step("Make")
    project.apply(AddLabel("cow"), into=step)
    project.apply(RenameLabel(label, "cat"))
    project.apply(AddLabel("dog"), into=step)
    project.end_step(step, at_start=True)
    names = [row.name for row in project.labels()]
    for _ in range(3):
        project.undo()
    assert [row.name for row in project.labels()] == ["dog"]
    for _ in range(3):
        project.redo()
    assert [row.name for row in project.labels()] == names


def test_a_full_disk_changes_nothing_and_the_project_goes_on(project: Project, path: Path) -> None:
    item = add_clip(project)
    before = tables(path)
    connection = project._connection
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    connection.execute(f"PRAGMA max_page_count = {pages}")
    many = AddItems(tuple(new_item(f"{number:060}.png", MediaKind.IMAGE, 1) for number in range(500)))
    with pytest.raises(DocError, match=r"^The project work\.s2p cannot be saved: the disk is full\.$"):
        project.apply(many)
    assert tables(path) == before
    assert project.undo_title == "Add clip.mp4"
    with pytest.raises(StorageError, match="the disk is full"):
        project.apply(many)
    with pytest.raises(StorageError, match="the disk is full"):
        project.apply(AddLabel("dog"))
    assert project.pending == (many, AddLabel("dog")), "in their order, and what was tried again once"
    with pytest.raises(StorageError, match="the disk is full"):
        project.try_again()
    connection.execute("PRAGMA max_page_count = 100000")
    added, labelled = project.try_again()
    assert len(added.created) == 500
    assert len(labelled.labels) == 1
    assert project.pending == ()
    assert project.item(item) is not None


def test_undo_gives_up_what_could_not_be_written(project: Project) -> None:
    connection = project._connection
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    connection.execute(f"PRAGMA max_page_count = {pages}")
    many = AddItems(tuple(new_item(f"{number:060}.png", MediaKind.IMAGE, 1) for number in range(500)))
    with pytest.raises(StorageError):
        project.apply(many)
    assert not project.undo()
    assert project.pending == ()
    connection.execute("PRAGMA max_page_count = 100000")
    assert project.try_again() == ()
    assert project.items() == ()


def test_what_is_pending_is_not_taken_for_saved(path: Path) -> None:
    with Project.open(path) as project:
        add_clip(project)
        (pages,) = project._connection.execute("PRAGMA page_count").fetchone()
        project._connection.execute(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(StorageError):
            project.apply(AddItems(tuple(new_item(f"{n:060}.png", MediaKind.IMAGE, 1) for n in range(500))))
    with Project.open(path) as project:
        assert project.restored is not None
        assert len(project.items()) == 1


def test_a_crash_is_noticed_by_the_next_opening_and_told_once(path: Path, tmp_path: Path) -> None:
    crashed = tmp_path / "crashed.s2p"
    with Project.open(path) as project:
        assert project.restored is None
        add_clip(project)
    with Project.open(path) as project:
        assert project.restored is None
        for name in ("dog", "cat"):
            project.apply(AddLabel(name))
        for end in ("", "-wal"):
            shutil.copy(f"{path}{end}", f"{crashed}{end}")
    with Project.open(crashed) as project:
        assert project.restored is not None
        assert project.restored.changes == 2
        assert project.restored.at == project.revised
        assert len(project.labels()) == 2
    with Project.open(crashed) as project:
        assert project.restored is None


def test_a_project_opened_in_one_thread_can_be_taken_over_by_another(path: Path) -> None:
    opened: list[Project] = []
    thread = threading.Thread(target=lambda: opened.append(Project.open(path)))
    thread.start()
    thread.join()
    with opened[0] as project:
        with pytest.raises(RuntimeError, match="thread"):
            project.apply(AddLabel("dog"))
        project.take_over()
        assert project.apply(AddLabel("dog"))


def test_a_row_that_is_gone_is_one_sentence(project: Project) -> None:
    with pytest.raises(DocError, match=r"^There is no item 7 in this project any more\.$"):
        project.apply(AddObject(ItemId(7)))
    assert project.revision == 0


def test_a_second_opener_reads_and_knows_who_writes(project: Project, path: Path) -> None:
    with Project.open(path) as second:
        assert second.read_only
        assert "process" in (second.holder or "")
        item = add_clip(project)
        assert [row.id for row in second.items()] == [item]
        second.set_view(item, frame(3))
        assert second.view() is None
        with pytest.raises(DocError, match=r"^The project work\.s2p cannot be changed: .* is working on it\.$"):
            second.apply(AddLabel("dog"))
    assert not project.read_only
    project.apply(AddLabel("dog"))


def test_the_lock_is_free_after_closing(path: Path) -> None:
    for _ in range(2):
        with Project.open(path) as project:
            assert not project.read_only
    assert sorted(found.name for found in path.parent.iterdir()) == ["work.s2p"]


def test_a_reader_in_another_thread_sees_a_steady_snapshot(project: Project, path: Path) -> None:
    add_clip(project)
    ready, written = threading.Event(), threading.Event()
    seen: list[int] = []

    def read() -> None:
        with Project.open_read_only(path) as reader, reader.snapshot():
            seen.append(len(reader.items()))
            ready.set()
            written.wait(10)
            seen.append(len(reader.items()))

    thread = threading.Thread(target=read)
    thread.start()
    assert ready.wait(10)
    add_clip(project, "other.mp4")
    written.set()
    thread.join()
    assert seen == [1, 1]


def test_the_writer_belongs_to_one_thread(project: Project) -> None:
    caught: list[Exception] = []

    def write() -> None:
        try:
            add_clip(project)
        except RuntimeError as error:
            caught.append(error)

    thread = threading.Thread(target=write)
    thread.start()
    thread.join()
    assert len(caught) == 1


def test_view_and_current_label_are_kept_and_not_undone(path: Path) -> None:
    with Project.open(path) as project:
        item = add_clip(project)
        label = project.apply(AddLabel("dog")).created[0]
        project.set_view(item, frame(3))
        project.set_current_label(label)
    with Project.open(path) as project:
        view = project.view()
        assert view is not None
        assert (view.item, view.frame) == (item, 3)
        assert project.current_label == label
        project.undo()
        assert project.current_label is None
        project.undo()
        assert project.view() is None


def test_masks_nobody_refers_to_are_swept_on_closing(path: Path) -> None:
    with Project.open(path) as project:
        item = add_clip(project)
        object_id = add_object(project, item)
        project.apply(SetMask(item, frame(0), object_id, rectangle(0, 0, 2, 2), MaskState.KEY))
        digest = project.masks(item, frame(0))[0].digest
        assert digest is not None
        project.apply(DeleteObject(item, (object_id,)))
    with Project.open(path) as project:
        assert project.mask(digest).area == 4, "undo still needs it"
        project.undo()
        project.undo()
        project.apply(AddLabel("dog"))
    with Project.open(path) as project, pytest.raises(DocError, match="a mask is missing"):
        project.mask(digest)


def test_save_leaves_a_restore_point_that_opens(project: Project, path: Path) -> None:
    add_clip(project)
    point = project.save()
    assert point.path.parent == path.with_name("work.s2p.restore")
    add_clip(project, "other.mp4")
    with Project.open_read_only(point.path) as copy:
        assert len(copy.items()) == 1
    for _ in range(11):
        project.save()
    assert len(list(point.path.parent.iterdir())) == 12
    newest = project.save(kept=3)
    assert len(copies.restore_points(path)) == 3
    assert copies.restore_points(path)[0].path == newest.path
    project.save(kept=0)
    assert len(copies.restore_points(path)) == 1, "the one just made"


def test_restore_points_keep_their_order_when_a_second_passes(
    project: Project, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    second = 1_700_000_000_000_000_000
    made = []
    for now in (second - 1_000, second + 1_000):
        monkeypatch.setattr(time, "time_ns", lambda now=now: now)
        made.append(project.save().path)
    assert [point.path for point in copies.restore_points(path)] == made[::-1]


def test_missing_files_and_folders_are_told(tmp_path: Path) -> None:
    with pytest.raises(DocError, match=r"^There is no project gone\.s2p\.$"):
        Project.open(tmp_path / "gone.s2p", create=False)
    with pytest.raises(DocError, match=r"^There is no project gone\.s2p\.$"):
        Project.open_read_only(tmp_path / "gone.s2p")
    with pytest.raises(DocError, match="cannot be made in"):
        Project.open(tmp_path / "nowhere" / "new.s2p")
    assert list(tmp_path.iterdir()) == []


def test_files_that_were_found_are_no_step_and_leave_what_could_be_redone(project: Project) -> None:
    add_clip(project)
    add_clip(project, "b.mp4")
    project.undo()
    changes = project.apply(AddItems((new_item("c.mp4"),)), recorded=False)
    assert changes.step is None
    assert changes.items
    assert project.redo_title == "Add b.mp4"
    project.redo()
    for _ in range(2):
        project.undo()
    assert [row.path.name for row in project.items()] == ["c.mp4"]
    assert project.undo_title is None


def test_a_found_file_that_an_undone_step_would_bring_is_a_step(project: Project) -> None:
    add_clip(project, "b.mp4")
    project.undo()
    assert project.apply(AddItems((new_item("b.mp4"),)), recorded=False).step is not None
    assert project.redo() is None, "else b.mp4 would come twice"
    project.undo()
    assert project.items() == ()


def test_the_history_is_listed_and_travelled(project: Project) -> None:
    add_clip(project)
    for name in ("dog", "cat", "cow"):
        project.apply(AddLabel(name))
    project.undo()
    steps = project.steps()
    assert [(step.title, step.done) for step in steps] == [
        ("Add clip.mp4", True),
        ("Add label dog", True),
        ("Add label cat", True),
        ("Add label cow", False),
    ]
    assert all(step.made is not None and step.size > 0 for step in steps)
    back = project.travel(0)
    assert back is not None
    assert (len(back.items), len(back.labels)) == (1, 2)
    assert project.items() == ()
    assert project.travel(0) is None
    assert project.next_step_size(undo=True) == 0
    assert project.next_step_size(undo=False) == steps[0].size
    assert project.travel(steps[-1].number, seconds=0)
    assert [step.done for step in project.steps()] == [True, False, False, False], (
        "one step at least, whatever the time"
    )
    while project.travel(steps[-1].number, seconds=0):
        pass
    assert [row.name for row in project.labels()] == ["dog", "cat", "cow"]


def test_a_helper_writes_for_the_writer(project: Project, path: Path) -> None:
    add_clip(project)
    with Project.open_helper(project.place, project.newest_step) as helper:
        assert helper.undo()
    assert project.items() == ()
    assert project.redo()
    assert not project.read_only
    with Project.open(path) as second:
        assert second.read_only, "the helper did not take the lock with it"


def test_what_a_helper_did_is_a_step_of_its_own(project: Project, path: Path) -> None:
    add_clip(project)
    begun = project.new_step("Propagate")
    with Project.open_helper(project.place, project.newest_step) as helper:
        helper.apply(AddLabel("dog"))
    project.apply(AddLabel("cat"), into=begun)
    project.apply(AddLabel("cow"))
    names = [[row.name for row in project.labels()]]
    while project.undo_title != "Add clip.mp4":
        project.undo()
        names.append([row.name for row in project.labels()])
    assert names == [["dog", "cat", "cow"], ["dog", "cat"], ["dog"], []]
