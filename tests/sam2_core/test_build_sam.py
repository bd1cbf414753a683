"""Builders: names, overrides, defaults, devices."""

import copy
import logging
import pickle

import pytest
import torch

from sam2_core.build_sam import build_sam2, build_sam2_hf, build_sam2_video_predictor
from sam2_core.errors import EngineError, ModelFileError
from support.tiny_model import tiny_checkpoint, tiny_config


def test_postprocessing_defaults():
    model = build_sam2(tiny_config(), device="cpu")
    assert model.sam_mask_decoder.dynamic_multimask_via_stability
    assert model.fill_hole_area == 0
    plain = build_sam2(tiny_config(), device="cpu", apply_postprocessing=False)
    assert not plain.sam_mask_decoder.dynamic_multimask_via_stability


def test_video_postprocessing_defaults():
    predictor = build_sam2_video_predictor(tiny_config(), device="cpu")
    assert predictor.binarize_mask_from_pts_for_mem_enc
    assert predictor.fill_hole_area == 8


def test_the_callers_value_beats_the_builders():
    by_string = build_sam2_video_predictor(
        tiny_config(), device="cpu", hydra_overrides_extra=["++model.fill_hole_area=0"]
    )
    by_keyword = build_sam2_video_predictor(tiny_config(), device="cpu", fill_hole_area=0)
    assert by_string.fill_hole_area == by_keyword.fill_hole_area == 0


def test_other_keywords_are_ignored():
    assert build_sam2(tiny_config(), device="cpu", mask_threshold=0.5).image_size == 128


def test_weights_and_mode(tmp_path):
    path = tiny_checkpoint(tmp_path / "m.safetensors")
    model = build_sam2(tiny_config(), str(path), device="cpu")
    assert not model.training
    assert build_sam2(tiny_config(), device="cpu", mode="train").training


def test_a_checkpoint_of_another_model_is_refused(tmp_path):
    path = tiny_checkpoint(tmp_path / "m.safetensors")
    with pytest.raises(ModelFileError, match=r"m\.safetensors does not fit this model"):
        build_sam2("sam2-nano", path, device="cpu")


def test_an_absent_device_is_refused(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with pytest.raises(EngineError, match="cuda cannot be used"):
        build_sam2(tiny_config(), device="cuda")


def test_the_bundled_model_is_found_without_a_network():
    model = build_sam2_hf("sam2-nano", device="cpu")
    assert model.config.name == "sam2-nano"


def test_compiling_is_left_out_where_it_cannot_work(monkeypatch, caplog):
    def no_compiler(function):
        raise RuntimeError("no C++ compiler\nmore")

    monkeypatch.setattr(torch, "compile", no_compiler)
    with caplog.at_level(logging.WARNING):
        predictor = build_sam2_video_predictor(tiny_config(), device="cpu", vos_optimized=True)
    assert [record.getMessage() for record in caplog.records] == ["not compiled device=cpu reason=no C++ compiler"]
    caplog.clear()
    assert predictor.image_encoder._compiled_call_impl is None


def test_models_can_be_copied_and_pickled():
    model = build_sam2(tiny_config(), device="cpu")
    for twin in (copy.deepcopy(model), pickle.loads(pickle.dumps(model))):
        assert twin.compute_lock is not model.compute_lock
        assert torch.equal(twin.no_mem_embed, model.no_mem_embed)
