"""What is measured: the same work by the published package and by ours, from the same weights and inputs."""

from __future__ import annotations

import functools
import importlib
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import published
import torch
from torch import Tensor

from sam2_core.automatic_mask_generator import SAM2AutomaticMaskGenerator
from sam2_core.build_sam import build_sam2, build_sam2_video_predictor
from sam2_core.image_session import ImagePrediction, ImageSession
from sam2_core.modeling.sam2_base import SAM2Base
from sam2_core.sam2_image_predictor import SAM2ImagePredictor
from sam2_core.sam2_video_predictor import SAM2VideoPredictor
from sam2_core.video.state import VideoState
from sam2_core.video.store import FrameOutput

_ROOT = Path(__file__).resolve().parent.parent
# synthetic weights and pictures; the root before it, since folders of tests are named like the packages
sys.path += [str(_ROOT), str(_ROOT / "tests")]
_weights, _synth = importlib.import_module("golden.weights"), importlib.import_module("golden.synth")

PICTURE = (1080, 1920)
CLIP = (720, 1280)
TRACKED = 16  # frame with a full memory: one prompt, 15 results


@dataclass(frozen=True, slots=True)
class Pair:
    """One piece of work twice.

    differ: largest difference of the two results, at most `bound`; gflop: published arithmetic of the tiny model at
    1024, for the rate; rounds: how often each is timed after results were compared, 0 where the compared run of minutes
    is the one that counts.
    """

    name: str
    published: Callable[[], Any]
    ours: Callable[[], Any]
    differ: Callable[[Any, Any], float]
    bound: float
    rounds: int
    gflop: float | None = None


@dataclass(frozen=True, slots=True)
class Subject:
    """The model that is compared, and how; `dtype` is what ours computes in."""

    folder: Path
    name: str
    size: int
    device: torch.device
    dtype: torch.dtype
    points_per_side: int
    compiled: bool

    def still_models(self) -> tuple[Any, SAM2Base]:
        """Both models for pictures with the same synthetic weights."""
        theirs = self._theirs(video=False)
        ours = build_sam2(f"sam2.1_hiera_{self.name}", device=self.device, image_size=self.size)
        _filled(ours, self.name).compute_in(self.dtype)
        return _filled(theirs, self.name), ours

    def video_models(self) -> tuple[Any, SAM2VideoPredictor]:
        """Both video predictors with the same synthetic weights."""
        theirs = self._theirs(video=True)
        config = f"sam2.1_hiera_{self.name}"
        ours = build_sam2_video_predictor(config, device=self.device, image_size=self.size, fill_hole_area=0)
        ours.compat = "published"
        for model in (theirs, ours):
            filled = _filled(model, self.name)
            # every object is there, so that masks are compared
            filled.state_dict()["sam_mask_decoder.pred_obj_score_head.layers.2.bias"].add_(20.0)
        ours.compute_in(self.dtype)
        return theirs, ours

    def _theirs(self, *, video: bool) -> Any:
        theirs = published.model(self.folder, self.name, video=video, image_size=self.size).to(self.device)
        if self.compiled:
            theirs.image_encoder.compile()
        return theirs

    @property
    def gflop(self) -> bool:
        """Whether the counted figures are those of this model."""
        return self.name == "tiny" and self.size == 1024


_FILLED: dict[str, dict[str, Tensor]] = {}  # by model; making them takes longer than what is measured


def _filled(model: Any, name: str) -> Any:
    """A model with the synthetic weights of that name."""
    if name not in _FILLED:
        filled = _weights.fill(model)
        _FILLED[name] = {key: weight.cpu().clone() for key, weight in filled.state_dict().items()}
        return filled
    model.load_state_dict(_FILLED[name])
    return model


@functools.lru_cache(maxsize=2)
def _pictures(count: int) -> npt.NDArray[np.uint8]:
    """Frames of the 720p clip, (count, 720, 1280, 3)."""
    return np.stack([_synth.frame(t, *CLIP) for t in range(count)])


def worst(a: Any, b: Any) -> float:
    """Largest absolute difference of tensors, arrays or sequences of them."""
    if isinstance(a, tuple | list):
        return max(worst(x, y) for x, y in zip(a, b, strict=True))
    return float((torch.as_tensor(a).float() - torch.as_tensor(b).float()).abs().max())


def pixels(a: npt.NDArray[np.bool_], b: npt.NDArray[np.bool_]) -> float:
    """How many pixels of two masks differ."""
    return float((a != b).sum())


def stills(subject: Subject) -> Iterator[Pair]:
    """Image encoder, click, batch of prompts."""
    theirs, ours = subject.still_models()
    image = torch.from_numpy(_synth.rand("bench", (1, 3, subject.size, subject.size))).to(subject.device)

    def their_maps() -> list[Tensor]:
        return list(theirs.forward_image(image)["backbone_fpn"])

    def our_maps() -> list[Tensor]:
        features = ours.forward_image(image)
        return [*features.high_res, features.embedding]

    gflop = 292.0 if subject.gflop else None
    yield Pair("image encoder", their_maps, our_maps, worst, 1e-4, 5, gflop)

    picture = _synth.frame(0, *PICTURE)
    predictor = published.attribute("sam2.sam2_image_predictor", "SAM2ImagePredictor")(theirs)
    predictor._bb_feat_sizes = [(subject.size // n, subject.size // n) for n in (4, 8, 16)]  # fixed for 1024 there
    predictor.set_image(picture)
    own = SAM2ImagePredictor(ours)
    own.set_image(picture)
    session = ImageSession(ours)
    session.embed("picture", lambda: picture)
    click: dict[str, Any] = {
        "point_coords": np.array([[420, 390]], np.float32),
        "point_labels": np.array([1]),
        "multimask_output": True,
    }

    def their_click() -> npt.NDArray[np.bool_]:
        masks, ious, _ = predictor.predict(**click)
        mask: npt.NDArray[np.bool_] = masks[int(ious.argmax())] > 0
        return mask

    def our_click() -> npt.NDArray[np.bool_]:
        found = session.predict("picture", points=click["point_coords"], labels=[1], multimask=True)
        best = int(found.ious.argmax())
        shown = ImagePrediction(found.low_res[best : best + 1], found.ious[best : best + 1])
        mask: npt.NDArray[np.bool_] = session.masks(shown, PICTURE)[0]
        return mask

    gflop = 3.6 if subject.gflop else None
    yield Pair("click to the shown mask, 1080p", their_click, our_click, pixels, 20, 11, gflop)

    def predicted(of: Any) -> Callable[[], Any]:
        return lambda: of.predict(**click, return_logits=True)

    yield Pair("predict(), three masks at 1080p", predicted(predictor), predicted(own), worst, 1e-3, 11, gflop)
    yield _batch(predictor, own, subject)


def pictures_ready(subject: Subject) -> Iterator[Pair]:
    """A decoded picture until clicks can be decoded on it."""
    theirs, ours = subject.still_models()
    picture = _synth.frame(0, *PICTURE)
    predictor = published.attribute("sam2.sam2_image_predictor", "SAM2ImagePredictor")(theirs)
    predictor._bb_feat_sizes = [(subject.size // n, subject.size // n) for n in (4, 8, 16)]
    own = SAM2ImagePredictor(ours)

    def their_embedding() -> Tensor:
        predictor.set_image(picture)
        return torch.as_tensor(predictor._features["image_embed"])

    def our_embedding() -> Tensor:
        own.set_image(picture)
        return own.still.features.embedding

    yield Pair("picture until ready, 1080p", their_embedding, our_embedding, worst, 1e-3, 3)


def _batch(theirs: Any, ours: SAM2ImagePredictor, subject: Subject) -> Pair:
    """32 prompts at once, low-res masks."""
    points = torch.from_numpy(_synth.rand("points", (32, 1, 2), 250, 512)).to(subject.device) * subject.size / 1024
    labels = torch.ones(32, 1, dtype=torch.int32, device=subject.device)

    def their_masks() -> tuple[Tensor, Tensor]:
        sparse, dense = theirs.model.sam_prompt_encoder(points=(points, labels), boxes=None, masks=None)
        low_res, ious, _, _ = theirs.model.sam_mask_decoder(
            image_embeddings=theirs._features["image_embed"],
            image_pe=theirs.model.sam_prompt_encoder.get_dense_pe(),
            sparse_prompt_embeddings=sparse,
            dense_prompt_embeddings=dense,
            multimask_output=True,
            repeat_image=True,
            high_res_features=[level[-1:] for level in theirs._features["high_res_feats"]],
        )
        return low_res, ious

    def our_masks() -> tuple[Tensor, Tensor]:
        features = ours.still.features
        out = ours.model.decode(
            features.embedding, features.high_res, points=(points, labels), mask_inputs=None, multimask_output=True
        )
        return out.masks, out.ious

    gflop = 32 * 3.6 if subject.gflop else None
    return Pair("32 prompts decoded", their_masks, our_masks, worst, 1e-3, 3, gflop)


def memory(subject: Subject) -> Iterator[Pair]:
    """Memory attention with 7 memories and 16 pointers."""
    theirs, ours = subject.video_models()
    side = subject.size // 16
    tokens = side * side

    def rand(name: str, *shape: int) -> Tensor:
        return torch.from_numpy(_synth.rand(name, shape)).to(subject.device)

    current = rand("current", tokens, 1, 256)
    place = ours.image_position(side, side).flatten(2).permute(2, 0, 1)
    memories, positions = rand("memory", 7 * tokens + 64, 1, 64), rand("where", 7 * tokens + 64, 1, 64)

    def their_features() -> Any:
        return theirs.memory_attention(
            curr=[current],
            curr_pos=[place],
            memory=memories,
            memory_pos=positions,
            num_obj_ptr_tokens=64,
        )

    def our_features() -> Tensor:
        embedding = current.permute(1, 2, 0).reshape(1, 256, side, side)
        attended = ours.attend(embedding, memories, positions, num_ptr_tokens=64)
        return attended.flatten(2).permute(2, 0, 1)

    gflop = 606.0 if subject.gflop else None
    yield Pair("memory attention, 7 maps + 16 pointers", their_features, our_features, worst, 1e-4, 3, gflop)


@dataclass(frozen=True, slots=True)
class Clip:
    """Both predictors with the same objects on a 720p clip and a full memory before frame TRACKED."""

    theirs: Any
    state: Any
    ours: SAM2VideoPredictor
    own: VideoState

    @classmethod
    def of(cls, subject: Subject, objects: int, frames: int = 1) -> Clip:
        """A clip that goes on for some frames; ours has its pictures decoded, the published one shrunk as well."""
        theirs, ours = subject.video_models()
        pictures = _pictures(TRACKED + frames)
        with tempfile.TemporaryDirectory() as folder:
            image = importlib.import_module("PIL.Image")
            for t, picture in enumerate(pictures):
                image.fromarray(picture).save(Path(folder) / f"{t:05d}.jpg", format="PNG")
            state = theirs.init_state(folder)
        own = ours.init_state(pictures)
        for number in range(objects):
            click: dict[str, Any] = {
                "points": np.array([[280 + 90 * number, 270]], np.float32),
                "labels": np.array([1], np.int32),
            }
            theirs.add_new_points_or_box(state, 0, number, **click)
            ours.add_new_points_or_box(own, 0, number, **click)
        theirs.propagate_in_video_preflight(state)
        ours.propagate_in_video_preflight(own)
        _fill_memories(state, own, objects)
        return cls(theirs, state, ours, own)

    def by_theirs(self, frames: int = 1) -> list[Tensor]:
        """Logits of the frames from TRACKED on."""
        self.state["cached_features"].clear()
        return [torch.as_tensor(x) for _, _, x in self.theirs.propagate_in_video(self.state, TRACKED, frames - 1)]

    def by_ours(self, frames: int = 1) -> list[Tensor]:
        """Logits of the frames from TRACKED on."""
        self.own.features.clear()
        return [logits for _, _, logits in self.ours.propagate_in_video(self.own, TRACKED, frames - 1)]


def video(subject: Subject, objects: int, rounds: int) -> Iterator[Pair]:
    """A tracked frame of a 720p clip with a full memory, from decoded frames to logits at its size."""
    clip = Clip.of(subject, objects)
    gflop = 292.0 + 621.0 * objects if subject.gflop else None
    name = f"video frame, {objects} object{'s' * (objects > 1)}, full memory"
    yield Pair(name, clip.by_theirs, clip.by_ours, worst, 2e-2, rounds, gflop)


def _fill_memories(state: Any, own: Any, objects: int) -> None:
    """Results on the frames up to the tracked one, the same in both, made from those of the prompted frame."""
    for number in range(objects):
        kept = state["output_dict_per_obj"][number]
        first = kept["cond_frame_outputs"][0]
        track = own.objects[number]
        record = track.cond[0].record
        device = first["obj_ptr"].device
        for t in range(1, TRACKED):
            noise = torch.from_numpy(_synth.rand(f"{number}.{t}", tuple(first["maskmem_features"].shape), 0.3))
            memory_map = (first["maskmem_features"].float() + noise.to(device)).to(torch.bfloat16)
            pointer = first["obj_ptr"] + torch.from_numpy(_synth.rand(f"p{number}.{t}", (1, 256), 0.1)).to(device)
            kept["non_cond_frame_outputs"][t] = first | {"maskmem_features": memory_map, "obj_ptr": pointer}
            given = (first["pred_masks"], pointer, first["object_score_logits"])
            logits, on_host, score = (part.float().cpu() for part in given)
            track.non_cond[t] = FrameOutput(logits, on_host, score, record, track.revision, memory=memory_map)


def everything(subject: Subject, points_per_batch: int | None = None) -> Iterator[Pair]:
    """All masks of a picture from a grid of points, thresholds such that of 32 x 32 points over a hundred survive.

    points_per_batch is ours; the published package decodes its own 64.
    """
    theirs, ours = subject.still_models()
    settings: dict[str, Any] = {
        "points_per_side": subject.points_per_side,
        "pred_iou_thresh": 0.965,
        "stability_score_thresh": 0.1,
        "mask_threshold": 20.0,  # masks of these weights are patches all over the picture, alike at 0
        "box_nms_thresh": 1.0,
    }
    picture = _synth.frame(0, *PICTURE)
    generator = published.attribute("sam2.automatic_mask_generator", "SAM2AutomaticMaskGenerator")(theirs, **settings)
    generator.predictor._bb_feat_sizes = [(subject.size // n, subject.size // n) for n in (4, 8, 16)]
    own = SAM2AutomaticMaskGenerator(ours, points_per_batch=points_per_batch, **settings)

    def differ(a: list[dict[str, Any]], b: list[dict[str, Any]]) -> float:
        """Most pixels in which a pair of masks differs; infinite where there are not as many masks."""
        if len(a) != len(b) or not a:
            return float("inf")
        sys.stdout.write(f"  {len(a)} masks\n")
        return max(pixels(x["segmentation"], y["segmentation"]) for x, y in zip(a, b, strict=True))

    name = f"everything, {subject.points_per_side} x {subject.points_per_side} points, 1080p"
    yield Pair(name, lambda: generator.generate(picture), lambda: own.generate(picture), differ, 20, 0)
