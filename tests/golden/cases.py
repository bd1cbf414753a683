"""The golden cases, through the public API alone.

`emit(name, value)` receives every result; value is a tensor, an array or (name ending in ".json") plain data.
"""

import tempfile
from pathlib import Path

import numpy as np

from golden import synth, weights
from sam2_core.automatic_mask_generator import SAM2AutomaticMaskGenerator
from sam2_core.build_sam import build_sam2, build_sam2_video_predictor
from sam2_core.sam2_image_predictor import SAM2ImagePredictor

TINY = "sam2.1_hiera_tiny"
MODELS = [
    f"{version}_hiera_{size}" for version in ("sam2", "sam2.1") for size in ("tiny", "small", "base_plus", "large")
]


def image_model(name):
    """The model with synthetic weights, for still pictures."""
    return weights.fill(build_sam2(name, device="cpu"))


def video_model(name, image_size=1024, **flags):
    """The video predictor with synthetic weights and published behaviour."""
    overrides = [f"++model.image_size={image_size}"]
    predictor = weights.fill(build_sam2_video_predictor(name, device="cpu", hydra_overrides_extra=overrides))
    predictor.compat = "published"
    for flag, value in {"fill_hole_area": 0, **flags}.items():  # hole filling has its own case
        assert hasattr(predictor, flag), flag
        setattr(predictor, flag, value)
    return predictor


CLICK = {"point_coords": np.array([[120, 240]], np.float32), "point_labels": np.array([1], np.int32)}
_THREE = {
    "point_coords": np.array([[380, 80], [410, 110], [220, 90]], np.float32),
    "point_labels": np.array([1, 1, 0], np.int32),
}
_BOX = {"box": np.array([395, 170, 465, 335], np.float32)}
IMAGE_CASES = {
    "click1_multi": CLICK | {"multimask_output": True},
    "click1_single": CLICK | {"multimask_output": False},
    "click3_multi": _THREE | {"multimask_output": True},
    "click3_single": _THREE | {"multimask_output": False},
    "box_single": _BOX | {"multimask_output": False},
    "box_multi": _BOX | {"multimask_output": True},
    "box_click_single": _BOX
    | {
        "point_coords": np.array([[430, 250]], np.float32),
        "point_labels": np.array([0]),
        "multimask_output": False,
    },
    "norm01_single": CLICK
    | {
        "point_coords": np.array([[0.25, 0.6666]], np.float32),
        "multimask_output": False,
        "normalize_coords": False,
    },
    "no_prompt_multi": {"multimask_output": True},
    "boxes3_single": {
        "box": np.array([[395, 170, 465, 335], [35, 25, 125, 115], [60, 180, 180, 300]], np.float32),
        "multimask_output": False,
    },
    "points_b2_multi": {
        "point_coords": np.array([[[80, 70], [100, 90]], [[300, 250], [20, 20]]], np.float32),
        "point_labels": np.array([[1, 1], [1, 0]], np.int32),
        "multimask_output": True,
    },
}


def run_image(name, emit, only=None):
    """Still pictures: every entry of IMAGE_CASES (or `only` some), mask prompts and a batch of two sizes."""
    predictor = SAM2ImagePredictor(image_model(name))
    predictor.set_image(synth.scene())
    emit("image_embed", predictor.get_image_embedding())
    for tag in only or IMAGE_CASES:
        _emit_prediction(emit, tag, predictor.predict(return_logits=True, **IMAGE_CASES[tag]))
    hard, _, _ = predictor.predict(**IMAGE_CASES["click1_multi"])
    emit("click1_multi.binary", hard.astype(bool))
    if only is None:
        _run_mask_prompts(predictor, emit)
        _run_batch(predictor, emit)


def _run_mask_prompts(predictor, emit):
    _, ious, low_res = predictor.predict(return_logits=True, **IMAGE_CASES["click1_multi"])
    mask = low_res[int(np.argmax(ious))][None]
    clicks = {"point_coords": np.array([[120, 240], [160, 260]], np.float32), "point_labels": np.array([1, 0])}
    for multi in (False, True):
        tag = "mask_input_" + ("multi" if multi else "single")
        result = predictor.predict(mask_input=mask, multimask_output=multi, return_logits=True, **clicks)
        _emit_prediction(emit, tag, result)
    masks, ious, _ = predictor.predict(mask_input=mask, multimask_output=False, return_logits=True)
    emit("mask_input_only.masks", masks)
    emit("mask_input_only.iou", ious)


def _run_batch(predictor, emit):
    predictor.set_image_batch([synth.scene(), synth.frame(0)])
    results = predictor.predict_batch(
        point_coords_batch=[np.array([[120, 240]], np.float32), np.array([[70, 90], [20, 220]], np.float32)],
        point_labels_batch=[np.array([1]), np.array([1, 0])],
        multimask_output=True,
        return_logits=True,
    )
    for i, result in enumerate(zip(*results, strict=True)):
        _emit_prediction(emit, f"batch{i}", result)


def _emit_prediction(emit, tag, result):
    for part, value in zip(("masks", "iou", "low_res"), result, strict=True):
        emit(f"{tag}.{part}", value)


# All scripts but SHORT_1024 run at 512 pixels (a quarter of the tokens, much faster on a CPU).
_FIRST = {"frame_idx": 0, "obj_id": 1, "points": [[70, 90]], "labels": [1]}
_BOX_B = [220, 130, 280, 210]
_SHORT = {"frames": 4, "flags": {"image_size": 512}, "ops": [("add", _FIRST), ("propagate", {})]}
VIDEO_SCRIPTS = {
    "video_tiny": {
        "frames": 10,
        "flags": {"image_size": 512},
        "ops": [
            ("add", _FIRST),
            ("add", {"frame_idx": 3, "obj_id": 2, "box": [196, 121, 256, 201]}),
            ("propagate", {}),
            ("propagate", {"start_frame_idx": 6, "max_frame_num_to_track": 3, "reverse": True}),
            ("add", {"frame_idx": 5, "obj_id": 1, "points": [[115, 110], [60, 30]], "labels": [1, 0]}),
            ("propagate", {"start_frame_idx": 5, "max_frame_num_to_track": 2}),
            ("mask", {"frame_idx": 8, "obj_id": 2}),
            ("propagate", {"start_frame_idx": 7}),
            ("add", {"frame_idx": 6, "obj_id": 7, "points": [[160, 52]], "labels": [1]}),
            ("add", {"frame_idx": 6, "obj_id": 7, "points": [[20, 20]], "labels": [0], "clear_old_points": False}),
            ("propagate", {"start_frame_idx": 6, "max_frame_num_to_track": 1}),
            ("clear", {"frame_idx": 3, "obj_id": 2}),
            ("remove", {"obj_id": 2}),
            ("propagate", {"start_frame_idx": 7, "max_frame_num_to_track": 1}),
        ],
    },
    "video_tiny_correct": {
        "frames": 5,
        "flags": {"image_size": 512, "add_all_frames_to_correct_as_cond": True},
        "ops": [
            ("add", _FIRST),
            ("propagate", {}),
            ("add", {"frame_idx": 2, "obj_id": 1, "points": [[88, 98], [200, 200]], "labels": [1, 0]}),
            ("propagate", {"start_frame_idx": 1}),
            ("propagate", {"start_frame_idx": 4, "reverse": True}),
        ],
    },
    "video_tiny_post": {
        "frames": 4,
        "flags": {"image_size": 512, "fill_hole_area": 8, "non_overlap_masks": True},
        "ops": [
            ("add", _FIRST | {"obj_id": "a"}),
            ("add", {"frame_idx": 0, "obj_id": "b", "box": _BOX_B}),
            ("propagate", {}),
        ],
    },
    "video_tiny_absent": {
        "frames": 4,
        "flags": {"image_size": 512},
        "ops": [
            ("add", _FIRST),
            ("add", {"frame_idx": 0, "obj_id": 2, "box": _BOX_B}),
            ("score_shift", -6.0),  # both objects vanish ...
            ("propagate", {"max_frame_num_to_track": 1}),
            ("mask", {"frame_idx": 2, "obj_id": 1, "empty": True}),
            ("add", {"frame_idx": 1, "obj_id": 2, "points": [[220, 160]], "labels": [1]}),
            ("score_shift", 6.0),  # ... and come back
            ("propagate", {"start_frame_idx": 2}),
        ],
    },
    "video_tiny_1024": _SHORT | {"flags": {}},
}


def run_video(name, script, emit):
    """One script of VIDEO_SCRIPTS on a clip written to a temporary folder."""
    predictor = video_model(name, **script["flags"])
    with tempfile.TemporaryDirectory() as folder:
        state = predictor.init_state(video_path=str(synth.write_clip(Path(folder) / "clip", script["frames"])))
        for i, (op, arguments) in enumerate(script["ops"]):
            tag = f"op{i:02d}_{op}"
            if op == "score_shift":  # the state_dict shares memory with the parameters
                predictor.state_dict()["sam_mask_decoder.pred_obj_score_head.layers.2.bias"].add_(arguments)
                continue
            outputs = _step(predictor, state, op, dict(arguments))
            if op == "remove":
                emit(f"{tag}.ids.json", outputs.pop(0))
            emit(f"{tag}.frames.json", [[int(f), list(ids)] for f, ids, _ in outputs])
            for f, _, masks in outputs:
                emit(f"{tag}.f{f:02d}", masks)


def _step(predictor, state, op, arguments):
    """One operation; a list of (frame, ids, logits), for "remove" preceded by the remaining ids."""
    if op == "add":
        for key, kind in (("points", np.float32), ("labels", np.int32), ("box", np.float32)):
            if key in arguments:
                arguments[key] = np.array(arguments[key], kind)
        return [predictor.add_new_points_or_box(state, **arguments)]
    if op == "mask":
        mask = synth.box_mask(arguments["frame_idx"]) & (not arguments.pop("empty", False))
        return [predictor.add_new_mask(state, mask=mask, **arguments)]
    if op == "propagate":
        return list(predictor.propagate_in_video(state, **arguments))
    if op == "clear":
        return [predictor.clear_all_prompts_in_frame(state, **arguments)]
    ids, updated = predictor.remove_object(state, **arguments)
    return [list(ids), *((f, list(ids), m) for f, m in sorted(updated, key=lambda u: u[0]))]


def run_model(name, emit):
    """One of the eight models: a click on the still and a short clip."""
    run_image(name, emit, only=["click1_multi", "click1_single"])
    run_video(name, _SHORT, emit)


AMG_CASES = {
    "grid8": {
        "points_per_side": 8,
        "pred_iou_thresh": 0.2,
        "stability_score_thresh": 0.1,
        "mask_threshold": 20.0,
        "box_nms_thresh": 0.7,
    },
    "grid8_strict": {
        "points_per_side": 8,
        "pred_iou_thresh": 0.55,
        "stability_score_thresh": 0.7,
        "mask_threshold": 0.0,
        "stability_score_offset": 0.5,
        "box_nms_thresh": 0.97,
        "points_per_batch": 30,
    },
    "grid8_m2m": {
        "points_per_side": 8,
        "pred_iou_thresh": 0.2,
        "stability_score_thresh": 0.3,
        "mask_threshold": 8.0,
        "use_m2m": True,
    },
    "crops": {
        "points_per_side": 4,
        "crop_n_layers": 1,
        "crop_n_points_downscale_factor": 2,
        "pred_iou_thresh": 0.2,
        "stability_score_thresh": 0.2,
        "mask_threshold": 8.0,
        "multimask_output": False,
    },
}


def run_amg(name, tag):
    """Records of the automatic mask generator for one entry of AMG_CASES."""
    generator = SAM2AutomaticMaskGenerator(image_model(name), output_mode="uncompressed_rle", **AMG_CASES[tag])
    return generator.generate(synth.frame(0))
