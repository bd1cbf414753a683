"""Memory policies: the published rule against a plain transcription, and policies of one's own through the engine."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest

from sam2_core.sam2_video_predictor import SAM2VideoPredictor
from sam2_core.video.memory_bank import BankRules, Selection
from sam2_core.video.policy import BankView, Choice, FrameRecord, Keep, MemoryPolicy, PublishedPolicy, RunInfo
from support.sessions import clicked, logits, session_of
from support.tiny_model import tiny_video_predictor


@pytest.fixture
def model() -> SAM2VideoPredictor:
    return tiny_video_predictor()


@dataclass(frozen=True)
class Numbers:
    """A bank of numbers alone."""

    keys: Sequence[int]
    tracked: Sequence[int]
    num_frames: int
    rules: BankRules

    def record(self, frame: int) -> FrameRecord | None:
        return None

    def anchors(self) -> Sequence[int]:
        return ()


def run_info(rules: BankRules, *, reverse: bool) -> RunInfo:
    return RunInfo("o", reverse, 0, 9, 10, (), rules)


def transcribed(frame: int, bank: Numbers, *, reverse: bool) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """The published selection written out once more, as a list of steps."""
    rules, chosen = bank.rules, list(bank.keys)
    if rules.max_cond != -1 and len(chosen) > rules.max_cond:
        before = [t for t in bank.keys if t < frame]
        after = [t for t in bank.keys if t >= frame]
        chosen = ([max(before)] if before else []) + ([min(after)] if after else [])
        for t in sorted((t for t in bank.keys if t not in chosen), key=lambda t: abs(t - frame)):
            if len(chosen) < rules.max_cond:
                chosen.append(t)
    readable = {*bank.tracked, *(t for t in bank.keys if t not in chosen)}
    spatial = [(t, 6) for t in chosen]
    for p in range(1, 7):
        r, k = 7 - p, rules.stride
        if r == 1:
            t = frame + 1 if reverse else frame - 1
        elif reverse:
            t = -(-(frame + 2) // k) * k + (r - 2) * k
        else:
            t = ((frame - 2) // k) * k - (r - 2) * k
        if t in readable:
            spatial.append((t, r - 1))
    pointers = []
    for t in chosen:
        distance = t - frame if reverse else frame - t
        if distance >= 0 or not rules.past_pointers:
            pointers.append((t, distance if rules.signed else abs(distance)))
    for d in range(1, min(bank.num_frames, 16)):
        t = frame + d if reverse else frame - d
        if t < 0 or t >= bank.num_frames:
            break
        if t in readable:
            pointers.append((t, d))
    return spatial, pointers


def test_published_rule_in_two_thousand_situations() -> None:
    draw = random.Random(0)
    for _ in range(2000):
        frames = draw.randint(1, 60)
        keys = draw.sample(range(frames), draw.randint(1, min(frames, 7)))
        others = [t for t in range(frames) if t not in keys and draw.random() < draw.choice((0.3, 1.0))]
        rules = BankRules(
            stride=draw.choice((1, 1, 2, 5)),
            max_cond=draw.choice((-1, 2, 4)),
            past_pointers=draw.random() < 0.5,
            signed=draw.random() < 0.5,
        )
        reverse, frame = draw.random() < 0.5, draw.randrange(frames)
        bank, policy = Numbers(keys, others, frames, rules), PublishedPolicy()
        found = policy.select(policy.start(run_info(rules, reverse=reverse)), bank, frame)
        wanted = transcribed(frame, bank, reverse=reverse)
        assert (list(found.spatial), list(found.pointers)) == wanted, (frame, bank, reverse)


def test_published_choice_is_the_first_of_the_best() -> None:
    policy, rules = PublishedPolicy(), BankRules()
    record = FrameRecord(3, 0.5, 1.0, 0.1, None, 1.0, (0.5, 0.7, 0.7), (0.1,) * 3, (1.0,) * 3)
    bank = Numbers([0], [], 10, rules)
    assert policy.choose(run_info(rules, reverse=False), bank, [record], 3) == [Choice(0, 1, 0.7)]


def test_published_policy_given_by_name_and_as_object_is_the_same(model: SAM2VideoPredictor) -> None:
    named = logits(clicked(model).propagate())
    given = logits(clicked(model, tracking=PublishedPolicy()).propagate())
    asked = logits(clicked(model, tracking=PublishedPolicy(chooses=True)).propagate())
    for frame, plane in named.items():
        assert np.array_equal(plane, given[frame])
        assert np.array_equal(plane, asked[frame])


@dataclass(frozen=True)
class Varied:
    """The published rule, changed in one respect by each test."""

    inner: PublishedPolicy
    keep: Keep = Keep.RECENT
    k: int | None = None
    nearby: int | None = None
    id: str = "varied"
    max_paths: int = 1
    shared: bool = True
    chooses: bool = False

    def start(self, run: RunInfo) -> RunInfo:
        return self.inner.start(run)

    def select(self, st: RunInfo, bank: BankView, frame: int) -> Selection:
        return self.inner.select(st, bank, frame)

    def choose(self, st: RunInfo, bank: BankView, cands: Sequence[FrameRecord], frame: int) -> list[Choice]:
        return [Choice(0, self.k)] if self.k is not None else self.inner.choose(st, bank, cands, frame)

    def commit(self, st: RunInfo, frame: int, rec: FrameRecord) -> Keep:
        return self.keep if frame % 2 else Keep.RECENT

    def retain(self, st: RunInfo, bank: BankView, frame: int) -> frozenset[int] | None:
        return self.inner.retain(st, bank, frame)


def varied(**changes: Any) -> MemoryPolicy:
    return Varied(PublishedPolicy(), **changes)


def test_a_skipped_frame_is_a_result_and_no_memory(model: SAM2VideoPredictor) -> None:
    session = clicked(model, tracking=varied(keep=Keep.SKIP))
    found, plain = logits(session.propagate()), logits(clicked(model).propagate())
    assert found.keys() == plain.keys()
    assert np.array_equal(found[1], plain[1])
    assert not np.array_equal(found[4], plain[4])
    (track,) = session._state.objects.values()
    memories = {f: track.non_cond.get(f).memory is not None for f in (1, 2, 3, 4)}
    assert memories == {1: False, 2: True, 3: False, 4: True}


def test_anchors_are_known_to_the_policy(model: SAM2VideoPredictor, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[tuple[int, list[int], FrameRecord | None]] = []
    select = Varied.select

    def spying(self: Varied, st: RunInfo, bank: BankView, frame: int) -> Selection:
        seen.append((frame, list(bank.anchors()), bank.record(frame - 1)))
        return select(self, st, bank, frame)

    monkeypatch.setattr(Varied, "select", spying)
    results = {r.frame: r.objects[0] for r in clicked(model, tracking=varied(keep=Keep.ANCHOR)).propagate()}
    by_frame = {frame: (anchors, record) for frame, anchors, record in seen}
    assert by_frame[6][0] == [1, 3, 5]
    assert by_frame[6][1] == results[5].record
    assert by_frame[1][1] == results[0].record  # of the key frame


def test_a_policy_may_choose_another_candidate(model: SAM2VideoPredictor) -> None:
    chosen_otherwise = False
    for k in range(3):
        session = clicked(model, tracking=varied(k=k, chooses=True))
        for result in list(session.propagate())[1:]:
            (one,) = result.objects
            assert len(one.record.ious) == 3
            assert one.iou == one.record.ious[k]
            assert one.record.area == one.record.areas[k]
            chosen_otherwise |= one.iou < max(one.record.ious)
    assert chosen_otherwise


def test_runs_of_a_policy_that_does_not_share_read_their_own_results(model: SAM2VideoPredictor) -> None:
    alone = logits(clicked(model, frame=4, tracking=varied(shared=False)).propagate("backward"))
    for shared in (True, False):
        session = clicked(model, frame=4, tracking=varied(shared=shared))
        list(session.propagate("forward"))
        after = logits(session.propagate("backward"))
        assert np.array_equal(after[2], alone[2]) is not shared


def test_a_run_that_goes_on_reads_what_it_continues(model: SAM2VideoPredictor) -> None:
    whole = logits(clicked(model, tracking=varied(shared=False)).propagate())
    session = clicked(model, tracking=varied(shared=False))
    list(session.propagate("forward", 0, 5))
    rest = logits(session.propagate("forward", 6))
    assert list(rest) == [6, 7, 8, 9]
    assert all(np.array_equal(plane, whole[frame]) for frame, plane in rest.items())
    list(session.propagate("backward", 9, 6))
    again = logits(session.propagate("forward", 6))  # the run that came backward is not continued
    assert np.array_equal(again[6], whole[6])


def test_several_paths_are_refused(model: SAM2VideoPredictor) -> None:
    with pytest.raises(ValueError, match="'varied' wants 3 paths"):
        session_of(model, tracking=replace(Varied(PublishedPolicy()), max_paths=3))
