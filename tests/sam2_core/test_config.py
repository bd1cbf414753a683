"""Names, overrides and configuration files."""

import json
from pathlib import Path

import pytest

from sam2_core.config import CONFIGS, apply_overrides, config_from_json, config_to_json, resolve_name

NANO_JSON = Path(__file__).parents[2] / "resources" / "models" / "sam2-nano.json"


@pytest.mark.parametrize(
    ("spelling", "name"),
    [
        ("configs/sam2.1/sam2.1_hiera_b+.yaml", "sam2.1_hiera_base_plus"),
        ("configs/sam2/sam2_hiera_t.yaml", "sam2_hiera_tiny"),
        ("sam2_hiera_l", "sam2_hiera_large"),
        ("sam2.1_hiera_s.yaml", "sam2.1_hiera_small"),
        ("facebook/sam2-hiera-base-plus", "sam2_hiera_base_plus"),
        ("sam2.1-hiera-tiny", "sam2.1_hiera_tiny"),
        ("sam2.1_hiera_large", "sam2.1_hiera_large"),
        ("sam2.1_hiera_large.pt", "sam2.1_hiera_large"),
        ("sam2-nano", "sam2-nano"),
    ],
)
def test_spellings(spelling, name):
    assert resolve_name(spelling) == name


@pytest.mark.parametrize("name", ["sam3", "", "sam2.2_hiera_tiny", "sam2_hiera_xl"])
def test_unknown_name_is_named(name):
    with pytest.raises(ValueError, match="there is no model named"):
        resolve_name(name)


def test_the_table_holds_the_bundled_configuration():
    assert config_from_json(json.loads(NANO_JSON.read_text())) == CONFIGS["sam2-nano"]


def test_overrides_of_the_published_api():
    config = apply_overrides(
        CONFIGS["sam2.1_hiera_tiny"],
        ["++model.image_size=512", "model.fill_hole_area=8", "+model.non_overlap_masks=true"],
        sam_mask_decoder_extra_args={"dynamic_multimask_via_stability": True},
        sigmoid_scale_for_mem_enc=2,
    )
    assert (config.image_size, config.fill_hole_area, config.non_overlap_masks) == (512, 8, True)
    assert config.mask_decoder.dynamic_multimask_via_stability
    assert isinstance(config.sigmoid_scale_for_mem_enc, float)


def test_decoder_override_with_its_published_path():
    overrides = ["++model.sam_mask_decoder_extra_args.dynamic_multimask_stability_thresh=0.5"]
    assert apply_overrides(CONFIGS["sam2-nano"], overrides).mask_decoder.dynamic_multimask_stability_thresh == 0.5


@pytest.mark.parametrize("number", ["20", "20.", "2e1", "+20.0"])
def test_numbers_as_configuration_files_write_them(number):
    overrides = [f"++model.sigmoid_scale_for_mem_enc={number}"]
    assert apply_overrides(CONFIGS["sam2-nano"], overrides).sigmoid_scale_for_mem_enc == 20.0


def test_a_keyword_beats_a_string():
    assert apply_overrides(CONFIGS["sam2-nano"], ["++model.fill_hole_area=8"], fill_hole_area=0).fill_hole_area == 0


@pytest.mark.parametrize(
    ("override", "reason"),
    [
        ("++model.image_size", "cannot read the override"),
        ("++trainer.lr=1", "cannot read the override"),
        ("++model.image_size=abc", "cannot read the value"),
        ("++model.image_size=500", "multiple of 32"),
        ("++model.image_size=true", "takes a value like"),
        ("++model.image_size=512.0", "takes a value like"),
        ("++model.colour=1", "no flag of the model"),
        ("++model.pred_obj_scores=false", "can only be True"),
    ],
)
def test_bad_overrides_are_named(override, reason):
    with pytest.raises(ValueError, match=reason):
        apply_overrides(CONFIGS["sam2-nano"], [override])


def test_a_flag_every_model_has_may_be_repeated():
    assert apply_overrides(CONFIGS["sam2-nano"], ["++model.pred_obj_scores=true"]) == CONFIGS["sam2-nano"]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"trunk": None}, "does not fit"),
        ({"trunk": {"embed_dim": 48, "depth": 3}}, "unknown values for TrunkConfig: depth"),
        ({"trunk": {"embed_dim": 48}}, "does not fit"),
        ({"flags": {"soft_no_obj_ptr": True}}, "can only be False"),
    ],
)
def test_bad_configuration_files_are_named(change, reason):
    values = json.loads(NANO_JSON.read_text()) | change
    with pytest.raises(ValueError, match=reason):
        config_from_json(values)


def test_a_missing_part_is_named():
    values = json.loads(NANO_JSON.read_text())
    del values["neck"]
    with pytest.raises(ValueError, match="lacks 'neck'"):
        config_from_json(values)


def test_every_configuration_survives_being_written() -> None:
    for config in CONFIGS.values():
        assert config_from_json(json.loads(json.dumps(config_to_json(config)))) == config
