"""Methods that segment the objects of a picture when an oracle asks, and their scores: models and GrabCut."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from sam2_core.image_session import ImageSession
from sam2_core.modeling.sam2_base import SAM2Base
from sam2_core.training.scoring import Bools, boundary_f, box_of, click_on, correction, iou

CLICKS = {1: "1 click", 3: "3 clicks", 5: "5 clicks"}
BOX = "box"
MEASURES = (*CLICKS.values(), BOX)
_GRABCUT_ROUNDS = 5


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture to measure on: image uint8 (H, W, 3) RGB, objects bool (H, W) each."""

    name: str
    image: npt.NDArray[np.uint8]
    objects: tuple[Bools, ...]


@dataclass(frozen=True, slots=True)
class StillScore:
    """One object under one measure, with the mask that was found."""

    picture: str
    object: int
    measure: str
    iou: float
    boundary: float
    mask: Bools


Found = dict[str, list[Bools]]
StillMethod = Callable[[Picture, Sequence[str]], Found]


def by_model(model: SAM2Base) -> StillMethod:
    """A model asked by clicks and boxes; one click gives the best of three masks by predicted IoU."""
    session = ImageSession(model)

    def segment(picture: Picture, measures: Sequence[str]) -> Found:
        session.embed(picture.name, lambda: picture.image)
        try:
            found: Found = {measure: [] for measure in measures}
            for true in picture.objects:
                for measure, mask in _asked(session, picture.name, true, measures).items():
                    found[measure].append(mask)
            return found
        finally:
            session.forget(picture.name)

    return segment


def _asked(session: ImageSession, key: str, true: Bools, measures: Sequence[str]) -> dict[str, Bools]:
    found: dict[str, Bools] = {}
    if BOX in measures:
        answer = session.predict(key, box=box_of(true), multimask=False)
        found[BOX] = session.masks(answer, true.shape)[0]
    wanted = [count for count, name in CLICKS.items() if name in measures]
    clicks = [click_on(true)]
    low_res: npt.NDArray[np.float32] | None = None
    mask = np.zeros_like(true)
    for count in range(1, max(wanted, default=0) + 1):
        if len(clicks) == count:  # else the mask was right already, and stays
            points, labels = [xy for xy, _ in clicks], [label for _, label in clicks]
            first = count == 1
            answer = session.predict(key, points=points, labels=labels, mask_input=low_res, multimask=first)
            best = int(answer.ious.argmax())
            mask, low_res = session.masks(answer, true.shape)[best], answer.low_res[best]
            further = correction(mask, true)
            clicks += [] if further is None else [further]
        if count in wanted:
            found[CLICKS[count]] = mask
    return found


def grabcut(picture: Picture, measures: Sequence[str]) -> Found:
    """GrabCut (OpenCV) from the box of each object; it takes nothing else."""
    if BOX not in measures:
        return {}
    return {BOX: [_cut(picture.image, true) for true in picture.objects]}


def _cut(image: npt.NDArray[np.uint8], true: Bools) -> Bools:
    x0, y0, x1, y1 = (int(v) for v in box_of(true))
    inside = np.zeros(true.shape, dtype=np.bool_)
    inside[y0 : y1 + 1, x0 : x1 + 1] = True
    if inside.all():  # nothing outside to learn the background from
        return inside
    kinds = np.full(true.shape, cv2.GC_BGD, np.uint8)
    kinds[inside] = cv2.GC_PR_FGD
    cv2.setRNGSeed(0)
    bgr = np.ascontiguousarray(image[..., ::-1])
    fore, back = np.zeros((1, 65), np.float64), np.zeros((1, 65), np.float64)
    cv2.grabCut(bgr, kinds, (0, 0, 1, 1), back, fore, _GRABCUT_ROUNDS, cv2.GC_INIT_WITH_MASK)
    found: Bools = (kinds == cv2.GC_FGD) | (kinds == cv2.GC_PR_FGD)
    return found


def score_stills(pictures: Iterable[Picture], method: StillMethod, measures: Sequence[str]) -> Iterable[StillScore]:
    """Scores of every object, picture by picture."""
    for picture in pictures:
        for measure, masks in method(picture, measures).items():
            for i, (mask, true) in enumerate(zip(masks, picture.objects, strict=True)):
                yield StillScore(picture.name, i, measure, iou(mask, true), boundary_f(mask, true), mask)


def mean_ious(scores: Iterable[StillScore]) -> dict[str, float]:
    """Mean IoU over objects of each measure."""
    values: dict[str, list[float]] = {}
    for score in scores:
        values.setdefault(score.measure, []).append(score.iou)
    return {measure: float(np.mean(of_measure)) for measure, of_measure in values.items()}
