"""The engine service with a tiny model: real sessions, real media, no window."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from sam2_annotator.engine.messages import (
    Activity,
    CloseItem,
    Embed,
    Embedded,
    FindEverything,
    Found,
    FrameMasks,
    KeepFeatures,
    KeyFrame,
    LoadModel,
    MaskReady,
    ModelReady,
    ObjectKeys,
    PredictMask,
    Preview,
    PreviewReady,
    Propagate,
    Proposals,
    Request,
    Response,
)
from sam2_annotator.engine.service import EngineService
from sam2_annotator.engine.tickets import Ticket, TicketBook
from sam2_annotator.errors import Cancelled, EngineError, MediaError, ModelUnavailable
from sam2_annotator.masks import metrics, rle
from sam2_annotator.values.everything import EverythingOptions
from sam2_annotator.values.frame import MediaKind, MediaRef
from sam2_annotator.values.ids import FrameIndex, ItemId, ObjectId
from sam2_annotator.values.input_size import InputSize, Quality
from sam2_annotator.values.mask import Mask
from sam2_annotator.values.prompt import Box, Point, PromptSet
from sam2_annotator.values.shaping import AS_IT_IS, CleanUp
from sam2_annotator.values.states import Direction
from support.drawn import frames_folder, picture_file
from support.tiny_model import tiny_checkpoint

BOOK = TicketBook()
CLICK = PromptSet((Point(30.5, 32.5),))
TWO = PromptSet((Point(30.5, 32.5), Point(80.5, 10.5, positive=False)))
OBJECT = ObjectId(1)


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_checkpoint(tmp_path_factory.mktemp("model") / "tiny.safetensors")


@pytest.fixture
def service(checkpoint: Path) -> Iterator[EngineService]:
    service = EngineService()
    answers(service, LoadModel(ticket(), str(checkpoint), "cpu"))
    yield service
    service.close()


@pytest.fixture(scope="module")
def nano() -> Iterator[EngineService]:
    """The bundled model, for what needs masks that mean something."""
    service = EngineService()
    answers(service, LoadModel(ticket(), "sam2-nano", "cpu"))
    yield service
    service.close()


@pytest.fixture
def photo(tmp_path: Path) -> MediaRef:
    return MediaRef(ItemId(1), MediaKind.IMAGE, picture_file(tmp_path / "photo.png"))


@pytest.fixture
def clip(tmp_path: Path) -> MediaRef:
    return MediaRef(ItemId(2), MediaKind.FRAMES, frames_folder(tmp_path / "clip", 6))


def ticket() -> Ticket:
    return BOOK.issue("test")


def answers(service: EngineService, request: Request) -> list[Response]:
    return [answer for answer in service.handle(request) if not isinstance(answer, Activity)]


def predict(
    service: EngineService,
    media: MediaRef,
    prompts: PromptSet,
    *,
    frame: int = 0,
    keys: tuple[KeyFrame, ...] = (),
    previous: Mask | None = None,
    clean: CleanUp = AS_IT_IS,
    avoid: tuple[Mask, ...] = (),
) -> MaskReady:
    request = PredictMask(ticket(), media, FrameIndex(frame), OBJECT, prompts, keys, previous, clean, avoid)
    (answer,) = (answer for answer in answers(service, request) if isinstance(answer, MaskReady))
    return answer


def preview(service: EngineService, media: MediaRef, prompts: PromptSet, frame: int = 0) -> list[Response]:
    return answers(service, Preview(ticket(), media, FrameIndex(frame), prompts))


def track(
    service: EngineService,
    media: MediaRef,
    keys: tuple[KeyFrame, ...],
    *,
    origin: int = 0,
    direction: Direction = Direction.FORWARD,
) -> list[FrameMasks]:
    request = Propagate(
        ticket(),
        media,
        FrameIndex(origin),
        FrameIndex(0),
        FrameIndex(5),
        direction,
        (ObjectKeys(OBJECT, keys),),
    )
    return [answer for answer in answers(service, request) if isinstance(answer, FrameMasks)]


def key(frame: int, prompts: PromptSet = CLICK, candidate: int | None = None, mask: Mask | None = None) -> KeyFrame:
    return KeyFrame(FrameIndex(frame), prompts, candidate, mask)


def drawn(frame: int = 0) -> Mask:
    """The disc of a frame, as a person would paint it."""
    from support.drawn import picture

    return rle.encode(picture(centre=(30 + 3 * frame, 32))[..., 0] > 150)


# ------------------------------------------------------------------------------------------------ models


@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
def test_load_tells_what_is_used(checkpoint: Path, precision: str) -> None:
    service = EngineService()
    assert not service.ready
    told = list(service.handle(LoadModel(ticket(), str(checkpoint), "cpu", precision)))
    ready = told[-1]
    assert isinstance(ready, ModelReady)
    assert (ready.device, ready.precision, ready.image_size) == ("cpu", precision, 128)
    assert any(isinstance(answer, Activity) and "Loading" in answer.text for answer in told)
    assert service.ready


def test_auto_device_says_why_it_is_the_cpu(checkpoint: Path) -> None:
    (ready,) = answers(EngineService(), LoadModel(ticket(), str(checkpoint)))
    assert isinstance(ready, ModelReady)
    assert ready.device != "cpu" or "CPU" in ready.note


@pytest.mark.parametrize(
    ("model", "device", "error", "words"),
    [
        ("sam2-nanno", "cpu", EngineError, "'sam2-nanno'"),
        ("missing.pt", "cpu", EngineError, "missing.pt"),
        ("{truncated}", "cpu", EngineError, "truncated.safetensors"),
        ("{checkpoint}", "cuda:77", EngineError, "cuda:77"),
        ("{checkpoint}", "tpu", EngineError, "tpu"),
        ("facebook/sam2.1-hiera-large", "cpu", ModelUnavailable, "sam2.1-hiera-large"),
        ("someone/else", "cpu", ModelUnavailable, "someone/else"),
    ],
)
def test_load_failures_keep_the_old_model(
    service: EngineService,
    photo: MediaRef,
    checkpoint: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    model: str,
    device: str,
    error: type[Exception],
    words: str,
) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "hub"))
    truncated = tmp_path / "truncated.safetensors"
    truncated.write_bytes(checkpoint.read_bytes()[:5000])
    with pytest.raises(error, match=words):
        answers(service, LoadModel(ticket(), model.format(checkpoint=checkpoint, truncated=truncated), device))
    assert predict(service, photo, CLICK).candidates


def test_another_size_keeps_the_weights_and_nothing_else(
    service: EngineService, checkpoint: Path, photo: MediaRef, clip: MediaRef
) -> None:
    full = [predict(service, media, CLICK).candidates for media in (photo, clip)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sam2_annotator.engine.loading.build_sam2_video_predictor", None)
        (ready,) = answers(service, LoadModel(ticket(), str(checkpoint), "cpu", size=InputSize(Quality.FAST)))
    assert isinstance(ready, ModelReady)
    assert (ready.image_size, ready.quality) == (64, Quality.FAST)
    small = [predict(service, media, CLICK).candidates for media in (photo, clip)]
    fresh = EngineService()
    answers(fresh, LoadModel(ticket(), str(checkpoint), "cpu", size=InputSize(side=64)))
    assert small == [predict(fresh, media, CLICK).candidates for media in (photo, clip)] != full
    fresh.close()
    answers(service, LoadModel(ticket(), str(checkpoint), "cpu"))
    assert [predict(service, media, CLICK).candidates for media in (photo, clip)] == full


def test_prompt_without_a_model(photo: MediaRef) -> None:
    with pytest.raises(EngineError, match="No model"):
        predict(EngineService(), photo, CLICK)


# ---------------------------------------------------------------------------------------------- pictures


def test_single_click_gives_three_candidates_by_size(service: EngineService, photo: MediaRef) -> None:
    answer = predict(service, photo, CLICK)
    areas = [candidate.mask.area for candidate in answer.candidates]
    assert len(areas) == 3
    assert areas == sorted(areas)
    assert answer.candidates[answer.best].iou == max(candidate.iou for candidate in answer.candidates)
    assert {(one.mask.width, one.mask.height) for one in answer.candidates} == {(96, 64)}
    assert answer.score is None


@pytest.mark.parametrize(
    "prompts", [TWO, PromptSet(box=Box(16, 18, 45, 47)), PromptSet((Point(30, 32),), Box(16, 18, 45, 47))]
)
def test_more_prompts_give_one_mask(service: EngineService, photo: MediaRef, prompts: PromptSet) -> None:
    assert len(predict(service, photo, prompts).candidates) == 1


def test_second_click_refines_the_candidate_shown(nano: EngineService, photo: MediaRef) -> None:
    refined = set()
    for place in range(3):
        predict(nano, photo, PromptSet((Point(90.5, 60.5),)))  # something else between
        shown = predict(nano, photo, CLICK).candidates[place].mask
        refined.add(predict(nano, photo, TWO, previous=shown).candidates[0].mask)
    assert len(refined) == 3


def test_same_question_gives_the_same_candidates(service: EngineService, photo: MediaRef) -> None:
    first = predict(service, photo, CLICK)
    assert predict(service, photo, CLICK, previous=first.candidates[0].mask).candidates == first.candidates


def test_moved_point_starts_afresh(service: EngineService, photo: MediaRef) -> None:
    moved = PromptSet((Point(60.5, 20.5),))
    expected = predict(service, photo, moved)
    first = predict(service, photo, CLICK)
    again = predict(service, photo, moved, previous=first.candidates[first.best].mask)
    assert again.candidates == expected.candidates


def test_points_refine_a_mask_that_came_from_elsewhere(nano: EngineService, photo: MediaRef) -> None:
    outside = PromptSet((Point(90.5, 5.5, positive=False),))
    kept = predict(nano, photo, outside, previous=drawn())
    assert len(kept.candidates) == 1
    assert metrics.iou(kept.candidates[0].mask, drawn()) > 0.6


def test_embedding_is_made_once(service: EngineService, photo: MediaRef) -> None:
    (embedded,) = answers(service, Embed(ticket(), photo, FrameIndex(0)))
    assert isinstance(embedded, Embedded)
    photo.path.unlink()
    assert predict(service, photo, CLICK).candidates


def test_unreadable_picture_is_named_and_the_next_works(service: EngineService, photo: MediaRef) -> None:
    broken = MediaRef(ItemId(5), MediaKind.IMAGE, photo.path.with_name("broken.png"))
    broken.path.write_bytes(photo.path.read_bytes()[:100])
    with pytest.raises(MediaError, match=r"broken\.png"):
        predict(service, broken, CLICK)
    assert predict(service, photo, CLICK).candidates


def without_model(service: EngineService, monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on asking the model fails."""
    monkeypatch.setattr("sam2_core.stills.decode", None)
    monkeypatch.setattr("sam2_core.video.prompts.add_points", None)


@pytest.mark.parametrize("which", ["photo", "clip"])
def test_another_clean_up_needs_no_model(
    nano: EngineService, which: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    media = request.getfixturevalue(which)
    raw = predict(nano, media, CLICK).candidates
    without_model(nano, monkeypatch)
    grown = predict(nano, media, CLICK, previous=raw[1].mask, clean=CleanUp(grow=3)).candidates
    assert [a.mask.area < b.mask.area for a, b in zip(raw, grown, strict=True)] == [True] * 3
    assert [one.iou for one in raw] == [one.iou for one in grown]
    alone = predict(nano, media, CLICK, previous=grown[1].mask, avoid=(raw[0].mask,)).candidates
    assert all(not rle.intersect(one.mask, raw[0].mask) for one in alone)
    assert predict(nano, media, CLICK, previous=alone[2].mask).candidates == raw


@pytest.mark.parametrize("which", ["photo", "clip"])
def test_a_cleaned_mask_is_refined_as_the_model_gave_it(
    nano: EngineService, which: str, request: pytest.FixtureRequest
) -> None:
    media = request.getfixturevalue(which)
    expected = predict(nano, media, TWO, previous=predict(nano, media, CLICK).candidates[1].mask).candidates[0]
    predict(nano, media, PromptSet((Point(90.5, 60.5),)))
    grown = predict(nano, media, CLICK, clean=CleanUp(grow=3)).candidates[1].mask
    assert predict(nano, media, TWO, previous=grown).candidates[0] == expected


@pytest.mark.parametrize("which", ["photo", "clip"])
def test_a_mask_among_the_prompts_is_refined_and_stays_the_base(
    nano: EngineService, which: str, request: pytest.FixtureRequest
) -> None:
    """Moving the point starts from the same mask again, and a negative point alone leaves the rest."""
    media = request.getfixturevalue(which)
    base = PromptSet((Point(90.5, 5.5, positive=False),), mask=drawn())
    first = predict(nano, media, base, previous=drawn()).candidates[0].mask
    assert metrics.iou(first, drawn()) > 0.6
    away = replace(base, points=(Point(5.5, 60.5, positive=False),))
    moved = predict(nano, media, away, previous=first).candidates[0].mask
    assert metrics.iou(moved, drawn()) > 0.6
    inside = replace(base, points=(Point(30.5, 32.5, positive=False),))
    assert predict(nano, media, inside, previous=moved).candidates[0].mask


@pytest.mark.parametrize("which", ["photo", "clip"])
def test_preview_shows_the_mask_of_a_click_and_leaves_no_trace(
    nano: EngineService, which: str, request: pytest.FixtureRequest
) -> None:
    media = request.getfixturevalue(which)
    assert preview(nano, media, CLICK) == [], "nothing is analysed for a preview"
    shown = predict(nano, media, CLICK)
    (answer,) = preview(nano, media, CLICK)
    assert isinstance(answer, PreviewReady)
    assert answer.mask == shown.candidates[shown.best].mask
    preview(nano, media, PromptSet((Point(90.5, 60.5),)))
    assert predict(nano, media, CLICK, previous=shown.candidates[0].mask).candidates == shown.candidates


def test_embedding_ahead_is_given_up_when_a_click_comes(service: EngineService, photo: MediaRef) -> None:
    embed = Embed(ticket(), photo, FrameIndex(0), ahead=True)
    embed.ticket.token.set()
    with pytest.raises(Cancelled):
        answers(service, embed)
    (embedded,) = answers(service, Embed(ticket(), photo, FrameIndex(0), ahead=True))
    assert isinstance(embedded, Embedded)


def test_features_on_disk_spare_the_analysis(checkpoint: Path, photo: MediaRef, tmp_path: Path) -> None:
    def started() -> EngineService:
        service = EngineService()
        answers(service, KeepFeatures(ticket(), 1 << 30, tmp_path / "features" / "project", 1 << 30))
        answers(service, LoadModel(ticket(), str(checkpoint), "cpu"))
        return service

    service = started()
    expected = predict(service, photo, CLICK)
    service.close()
    assert len(list((tmp_path / "features" / "project").iterdir())) == 1
    service = started()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sam2_core.stills.embed", None)
        recalled = predict(service, photo, CLICK)
    ious = [[one.iou for one in answer.candidates] for answer in (expected, recalled)]
    assert ious[0] == pytest.approx(ious[1], abs=0.01)
    answers(service, LoadModel(ticket(), str(checkpoint), "cpu", size=InputSize(Quality.FAST)))
    predict(service, photo, CLICK)
    answers(service, LoadModel(ticket(), str(checkpoint), "cpu"))
    assert len(list((tmp_path / "features" / "project").iterdir())) == 2, "features of each size for themselves"
    for precision in ("float32", "bfloat16"):
        answers(service, LoadModel(ticket(), str(checkpoint), "cpu", precision))
        predict(service, photo, CLICK)
    answers(service, LoadModel(ticket(), str(checkpoint), "cpu"))
    assert len(list((tmp_path / "features" / "project").iterdir())) == 3, "and of each precision"
    picture_file(photo.path, centre=(60, 32))
    assert predict(service, photo, CLICK).candidates != recalled.candidates, "another picture under the same name"
    service.close()


# ------------------------------------------------------------------------------------------------- clips


def test_click_in_a_clip_gives_three_candidates_and_a_score(service: EngineService, clip: MediaRef) -> None:
    answer = predict(service, clip, CLICK)
    areas = [candidate.mask.area for candidate in answer.candidates]
    assert len(areas) == 3
    assert areas == sorted(areas)
    assert answer.score is not None


def test_run_visits_every_frame_once(service: EngineService, clip: MediaRef) -> None:
    frames = track(service, clip, (key(2),), origin=2, direction=Direction.BOTH)
    assert [answer.frame for answer in frames] == [2, 3, 4, 5, 1, 0]
    assert [answer.done for answer in frames] == [1, 2, 3, 4, 5, 6]
    assert {answer.total for answer in frames} == {6}
    assert frames[0].rate > 0
    assert {one.object_id for answer in frames for one in answer.objects} == {OBJECT}


def test_chosen_candidate_is_tracked(service: EngineService, clip: MediaRef) -> None:
    answer = predict(service, clip, CLICK)
    for place, candidate in enumerate(answer.candidates):
        first = track(service, clip, (key(0, candidate=place),))[0]
        assert first.objects[0].mask == candidate.mask


def test_results_depend_on_the_request_alone(service: EngineService, clip: MediaRef, checkpoint: Path) -> None:
    """After any history, a run gives what a fresh engine gives for the same key frames."""
    wanted = (key(0, candidate=0), key(3, PromptSet(box=Box(30, 20, 55, 47))))
    predict(service, clip, TWO)
    predict(service, clip, PromptSet((Point(5, 5),)), frame=4)
    predict(service, clip, CLICK, keys=(key(3, TWO), key(4, TWO)))
    track(service, clip, wanted)
    again = track(service, clip, wanted)
    fresh = EngineService()
    answers(fresh, LoadModel(ticket(), str(checkpoint), "cpu"))
    expected = track(fresh, clip, wanted)
    assert [one.objects[0].mask for one in again] == [one.objects[0].mask for one in expected]


def test_painted_mask_conditions_and_comes_back_unchanged(service: EngineService, clip: MediaRef) -> None:
    painted = drawn()
    frames = track(service, clip, (key(0, PromptSet(), mask=painted),))
    assert frames[0].objects[0].mask == painted
    assert len(frames) == 6


def test_mask_of_the_document_wins_over_what_its_prompts_give_now(service: EngineService, clip: MediaRef) -> None:
    frames = track(service, clip, (key(0, CLICK, mask=drawn()),))
    assert frames[0].objects[0].mask == drawn()


def test_mask_prompt_refined_by_a_point(nano: EngineService, clip: MediaRef) -> None:
    points = (Point(80.5, 10.5, positive=False),)
    refined = predict(nano, clip, PromptSet(points, mask=drawn())).candidates[0].mask
    assert refined != drawn()
    assert metrics.iou(refined, drawn()) > 0.6


def test_points_in_a_clip_refine_a_mask_that_came_from_elsewhere(nano: EngineService, clip: MediaRef) -> None:
    outside = PromptSet((Point(90.5, 5.5, positive=False),))
    kept = predict(nano, clip, outside, frame=2, previous=drawn(2))
    assert len(kept.candidates) == 1
    assert metrics.iou(kept.candidates[0].mask, drawn(2)) > 0.6


def test_second_click_in_a_clip_refines_the_candidate_shown(nano: EngineService, clip: MediaRef) -> None:
    refined = set()
    for place in range(3):
        predict(nano, clip, PromptSet((Point(90.5, 60.5),)))  # something else between
        shown = predict(nano, clip, CLICK).candidates[place].mask
        refined.add(predict(nano, clip, TWO, previous=shown).candidates[0].mask)
    assert len(refined) == 3


def test_removed_key_frame_no_longer_matters(service: EngineService, clip: MediaRef) -> None:
    alone = track(service, clip, (key(0, TWO),))
    track(service, clip, (key(0, TWO), key(5, PromptSet(box=Box(1, 1, 20, 20)))))
    again = track(service, clip, (key(0, TWO),))
    assert [one.objects for one in again] == [one.objects for one in alone]


def test_cancel_ends_the_run_between_frames(service: EngineService, clip: MediaRef) -> None:
    own = ticket()
    request = Propagate(
        own, clip, FrameIndex(0), FrameIndex(0), FrameIndex(5), Direction.FORWARD, (ObjectKeys(OBJECT, (key(0),)),)
    )
    steps = (answer for answer in service.handle(request) if isinstance(answer, FrameMasks))
    assert [next(steps).frame for _ in range(3)] == [0, 1, 2]
    own.token.set()
    with pytest.raises(Cancelled):
        next(steps)


@pytest.mark.parametrize("keys", [(), (key(0, PromptSet()),)])
def test_nothing_to_track(service: EngineService, clip: MediaRef, keys: tuple[KeyFrame, ...]) -> None:
    with pytest.raises(EngineError, match="nothing to track"):
        track(service, clip, keys)


def test_frame_outside_the_clip(service: EngineService, clip: MediaRef) -> None:
    with pytest.raises(MediaError, match="no frame 6"):
        predict(service, clip, CLICK, frame=6)


def test_closed_item_is_read_again(service: EngineService, clip: MediaRef) -> None:
    predict(service, clip, CLICK)
    answers(service, CloseItem(ticket(), clip.item))
    for path in clip.path.iterdir():
        path.unlink()
    with pytest.raises(MediaError):
        predict(service, clip, CLICK)


def test_closed_picture_is_read_again(service: EngineService, photo: MediaRef) -> None:
    predict(service, photo, CLICK)
    answers(service, CloseItem(ticket(), photo.item))
    photo.path.unlink()
    with pytest.raises(MediaError):
        predict(service, photo, CLICK)


def test_embedding_a_frame_of_a_clip(service: EngineService, clip: MediaRef) -> None:
    (embedded,) = answers(service, Embed(ticket(), clip, FrameIndex(3)))
    assert isinstance(embedded, Embedded)
    assert embedded.frame == 3


# ---------------------------------------------------------------------------------------------- everything


ANYTHING = EverythingOptions(3, pred_iou_thresh=0.0, stability_score_thresh=0.0)


def everything(service: EngineService, media: MediaRef, frame: int = 0) -> list[Response]:
    return answers(service, FindEverything(ticket(), media, FrameIndex(frame), ANYTHING))


def test_everything_in_a_picture_that_is_embedded_once(service: EngineService, photo: MediaRef) -> None:
    answers(service, Embed(ticket(), photo, FrameIndex(0)))
    *steps, found = everything(service, photo)
    assert [(step.done, step.total) for step in steps if isinstance(step, Found)] == [(4, 9), (8, 9), (9, 9)]
    assert isinstance(found, Proposals)
    assert found.proposals
    ious = [one.iou for one in found.proposals]
    assert ious == sorted(ious, reverse=True)
    assert all((one.mask.height, one.mask.width) == (64, 96) for one in found.proposals)


def test_everything_embeds_a_picture_first(service: EngineService, photo: MediaRef) -> None:
    request = FindEverything(ticket(), photo, FrameIndex(0), ANYTHING)
    told = list(service.handle(request))
    assert told[0] == Activity("Analysing the picture")
    assert answers(service, Embed(ticket(), photo, FrameIndex(0))) == [], "its features are kept"


def test_everything_on_a_frame_of_a_clip(service: EngineService, clip: MediaRef) -> None:
    found = everything(service, clip, 2)[-1]
    assert isinstance(found, Proposals)
    assert found.frame == 2
    assert found.proposals
    with pytest.raises(MediaError, match="no frame 99"):
        everything(service, clip, 99)


def test_a_click_between_two_batches(service: EngineService, photo: MediaRef) -> None:
    whole = everything(service, photo)[-1]
    steps = service.handle(FindEverything(ticket(), photo, FrameIndex(0), ANYTHING))
    next(steps)
    assert predict(service, photo, CLICK).candidates
    last = list(steps)[-1]
    assert isinstance(whole, Proposals)
    assert isinstance(last, Proposals)
    assert last.proposals == whole.proposals
