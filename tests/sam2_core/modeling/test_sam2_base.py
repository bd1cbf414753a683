"""What the golden arrays do not reach: batches, square sizes, tables, flags, threads."""

import threading
from dataclasses import replace

import pytest
import torch

from golden import weights
from sam2_core.config import apply_overrides
from sam2_core.modeling.sam2_base import SAM2Base
from support.tiny_model import tiny_config


@pytest.fixture(scope="module")
def model():
    """The small model."""
    return weights.fill(SAM2Base(tiny_config())).eval()


@pytest.fixture(autouse=True)
def _no_grad():
    with torch.no_grad():
        yield


def _features(model, batch=1):
    return model.forward_image(torch.randn(batch, 3, 128, 128, generator=torch.Generator().manual_seed(0)))


def test_objects_in_a_batch_are_independent(model):
    features = _features(model)
    embedding = model.without_memory(features.embedding)
    coords, labels = torch.tensor([[[20.0, 30.0]], [[90.0, 60.0]]]), torch.ones(2, 1, dtype=torch.int32)
    both = model.forward_sam_heads(
        embedding, high_res=features.high_res, points=(coords, labels), multimask_output=True
    )
    for i in range(2):
        one = model.forward_sam_heads(
            embedding, high_res=features.high_res, points=(coords[[i]], labels[[i]]), multimask_output=True
        )
        assert torch.allclose(both.low_res[[i]], one.low_res, atol=1e-4)
        assert torch.allclose(both.obj_ptr[[i]], one.obj_ptr, atol=1e-4)
        assert both.best[i] == one.best[0]
    assert not torch.allclose(both.low_res[0], both.low_res[1], atol=1e-2)


def test_the_plain_decoder_projects_the_picture_once_for_all_prompts(model, monkeypatch):
    features = _features(model)
    first = model.sam_mask_decoder.transformer.layers[0]
    image_side = first.cross_attn_token_to_image.k_proj, first.cross_attn_image_to_token.q_proj
    seen, hooks = [], []
    for projection in image_side:
        hooks.append(projection.register_forward_pre_hook(lambda _, inputs: seen.append(len(inputs[0]))))
    points = torch.tensor([[[20.0, 30.0]], [[90.0, 60.0]]]), torch.ones(2, 1, dtype=torch.int32)
    more = {"points": points, "mask_inputs": None, "multimask_output": True}
    monkeypatch.setattr(model, "fast_paths", False)
    plain = model.decode(features.embedding, features.high_res, **more)
    for hook in hooks:
        hook.remove()
    assert seen == [1, 1]
    monkeypatch.setattr(model, "fast_paths", True)
    fast = model.decode(features.embedding, features.high_res, **more)
    assert torch.allclose(plain.masks, fast.masks, atol=1e-3)


def test_pictures_in_a_batch_are_independent(model):
    images = torch.randn(2, 3, 128, 128)
    both = model.forward_image(images)
    for i in range(2):
        one = model.forward_image(images[[i]])
        assert torch.allclose(both.of(i).embedding, one.embedding, atol=1e-4)
        assert torch.allclose(both.of(i).high_res[0], one.high_res[0], atol=1e-4)


def test_the_chosen_mask_is_the_one_with_the_highest_iou(model):
    features = _features(model)
    out = model.forward_sam_heads(features.embedding, high_res=features.high_res, multimask_output=True)
    assert out.low_res_multi.shape == (1, 3, 32, 32)
    assert out.best.item() == out.ious[0].argmax()
    assert torch.equal(out.low_res[0, 0], out.low_res_multi[0, out.best.item()])


def test_mask_prompts_of_another_size_are_resized(model):
    features = _features(model)
    small = model.forward_sam_heads(
        features.embedding, high_res=features.high_res, mask_inputs=torch.ones(1, 1, 32, 32), multimask_output=False
    )
    large = model.forward_sam_heads(
        features.embedding, high_res=features.high_res, mask_inputs=torch.ones(1, 1, 128, 128), multimask_output=False
    )
    assert torch.allclose(small.low_res, large.low_res, atol=1e-4)


@pytest.mark.parametrize(("points", "initial", "wanted"), [(0, False, True), (1, True, True), (2, True, False)])
def test_when_three_candidates_are_made(model, points, initial, wanted):
    assert model.use_multimask(points, initial=initial) is wanted


def test_flags_can_be_set_later(model):
    flagged = SAM2Base(apply_overrides(tiny_config(), multimask_output_for_tracking=False))
    assert not flagged.use_multimask(0, initial=False)
    flagged.multimask_output_for_tracking = True
    assert flagged.use_multimask(0, initial=False)


def test_interacted_masks_are_binarised_where_the_flag_says_so(model):
    features = _features(model)
    faint, clear = torch.full((1, 1, 128, 128), 0.01), torch.full((1, 1, 128, 128), 9.0)
    score = torch.ones(1, 1)
    same = [model.encode_memory(features.embedding, m, score, interacted=True) for m in (faint, clear)]
    assert torch.equal(*same)
    different = [model.encode_memory(features.embedding, m, score, interacted=False) for m in (faint, clear)]
    assert not torch.allclose(*different, atol=1e-2)


def test_absent_objects_are_marked_in_memory(model):
    features = _features(model)
    mask = torch.full((2, 1, 128, 128), -5.0)
    memory = model.encode_memory(features.embedding, mask, torch.tensor([[3.0], [-3.0]]), interacted=False)
    want = memory[0] + model.no_obj_embed_spatial[0, :, None, None]
    assert torch.allclose(memory[1], want, atol=1e-5)


def test_masks_for_memory_can_be_kept_apart():
    config = replace(tiny_config(), non_overlap_masks_for_mem_enc=True)
    model = weights.fill(SAM2Base(config)).eval()
    features = _features(model)
    masks = torch.stack([torch.full((1, 128, 128), 8.0), torch.full((1, 128, 128), 4.0)])
    together = model.encode_memory(features.embedding, masks, torch.ones(2, 1), interacted=False)
    alone = model.encode_memory(features.embedding, masks[1:], torch.ones(1, 1), interacted=False)
    assert not torch.allclose(together[1], alone[0], atol=1e-2)


@pytest.mark.parametrize("flags", [{}, {"add_tpos_enc_to_obj_ptrs": False}])
def test_pointer_positions_without_a_projection(flags):
    flags = {"proj_tpos_enc_in_obj_ptrs": False, **flags}
    model = SAM2Base(apply_overrides(tiny_config(), **flags))
    positions = model.pointer_positions(torch.tensor([0.0, 0.5]))
    assert positions.shape == (2, 16)
    assert bool(positions.any()) is model.add_tpos_enc_to_obj_ptrs


def test_edited_weights_take_effect_at_once(model):
    edited = weights.fill(SAM2Base(tiny_config())).eval()
    before = edited.sam_prompt_encoder.pe_layer.grid(8, 8)
    edited.state_dict()["sam_prompt_encoder.pe_layer.positional_encoding_gaussian_matrix"].mul_(2)
    assert not torch.equal(before, edited.sam_prompt_encoder.pe_layer.grid(8, 8))


def test_tables_are_no_part_of_the_checkpoint(model):
    keys = set(model.state_dict())
    features = _features(model)
    model.forward_sam_heads(features.embedding, high_res=features.high_res, multimask_output=True)
    assert set(model.state_dict()) == keys


def test_tables_made_in_inference_mode_serve_training():
    model = weights.fill(SAM2Base(tiny_config()))
    current = torch.randn(36, 1, 32)
    memory = torch.randn(36, 1, 16)
    with torch.inference_mode():
        model.memory_attention(current, current, memory, memory, 0, grid=(6, 6))
        model.sam_prompt_encoder.pe_layer.grid(6, 6)
    with torch.enable_grad():
        out = model.memory_attention(current, current, memory, memory, 0, grid=(6, 6))
        (out.sum() + model.sam_prompt_encoder.pe_layer.grid(6, 6).sum()).backward()
    assert model.memory_attention.layers[0].linear1.weight.grad is not None


def test_grids_need_not_be_square(model):
    current, memory = torch.randn(24, 1, 32), torch.randn(48 + 4, 1, 16)
    wide = model.memory_attention(current, current, memory, memory, 4, grid=(4, 6))
    tall = model.memory_attention(current, current, memory, memory, 4, grid=(6, 4))
    assert not torch.allclose(wide, tall, atol=1e-4)


def test_memory_in_bfloat16_is_taken(model):
    current, memory = torch.randn(36, 1, 32), torch.randn(36, 1, 16).bfloat16()
    out = model.memory_attention(current, current, memory, memory, 0, grid=(6, 6))
    assert out.dtype is torch.float32


def test_the_compute_lock_is_exclusive(model):
    order = []

    def work():
        with model.compute_lock:
            order.append("second")

    with model.compute_lock:
        thread = threading.Thread(target=work)
        thread.start()
        thread.join(0.05)
        order.append("first")
    thread.join()
    assert order == ["first", "second"]
