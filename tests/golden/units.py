"""The building blocks of the model, one array per block, on the inputs of `synth.rand`.

The order is the one in which to look for an error: positions, trunk, neck, prompts, decoder, memory, video heads.
"""

import torch

from golden import synth, weights
from sam2_core.config import CONFIGS, apply_overrides
from sam2_core.modeling.position_encoding import rotary_table, rotate, sine_1d, sine_table
from sam2_core.modeling.sam2_base import SAM2Base
from sam2_core.ops.transforms import image_tensor

CPU = torch.device("cpu")


def tiny_units():
    """Yield (name, value) for every array of units.npz."""
    config = apply_overrides(CONFIGS["sam2.1_hiera_tiny"], dynamic_multimask_via_stability=True)
    model = weights.fill(SAM2Base(config)).eval()
    with torch.no_grad():
        for part in (_positions, _encoder, _small_blocks, _prompts, _decoder, _memory, _video_heads):
            yield from ((name, value.detach()) for name, value in part(model))


def rand(name, shape, std=1.0, offset=0.0):
    """Random tensor seeded by its name."""
    return torch.from_numpy(synth.rand(name, shape, std, offset))


def _positions(model):
    for n, h, w in ((256, 8, 8), (256, 64, 64), (64, 64, 64), (64, 5, 9)):
        yield f"sine.{n}.{h}x{w}", sine_table(n, h, w, CPU)
    fourier = model.sam_prompt_encoder.pe_layer
    yield "fourier.dense64", fourier.grid(64, 64)
    yield "fourier.dense_4x6", fourier.grid(4, 6)[0]
    yield "fourier.points", fourier.encode(rand("pts", (2, 5, 2), 300, 512) / 1024)
    for dim, w, h in ((16, 4, 3), (256, 64, 64)):
        cos, sin = rotary_table(dim, w, h, 10000.0, CPU)
        yield f"rope.cis.{dim}.{w}x{h}.real", cos
        yield f"rope.cis.{dim}.{w}x{h}.imag", sin
    table = rotary_table(16, 4, 3, 10000.0, CPU)
    yield "rope.q", rotate(rand("rope.q", (1, 1, 12, 16)), *table)
    yield "rope.k", rotate(rand("rope.k", (1, 1, 36, 16)), *table)
    positions = torch.tensor([-3, -1, 0, 1, 2, 15]) / 15
    yield "sine1d.256", sine_1d(positions, 256)
    yield "sine1d.64", sine_1d(positions, 64)
    yield "obj_ptr_tpos_proj", model.pointer_positions(positions)


def _encoder(model):
    trunk, neck = model.image_encoder.trunk, model.image_encoder.neck
    x = image_tensor(synth.scene(), 1024, CPU)
    yield "pre.image", x
    features = model.forward_image(x)
    x = trunk.patch_embed(x)
    yield "trunk.patch_embed", x
    yield "trunk.pos_embed", trunk.position(256, 256)
    yield "trunk.pos_embed_24x40", trunk.position(24, 40)
    x = x + trunk.position(256, 256)
    levels = []
    for i, block in enumerate(trunk.blocks):
        x = block(x)
        yield f"trunk.block{i:02d}", x
        if i in trunk.stage_ends:
            levels.append(x.permute(0, 3, 1, 2))
    for i, x in enumerate(neck(levels)):
        yield f"neck.fpn{i}", x
        yield f"neck.pos{i}", sine_table(256, x.shape[-2], x.shape[-1], CPU)
    for i, x in enumerate((*features.high_res, features.embedding)):
        yield f"forward_image.fpn{i}", x


def _small_blocks(model):
    for i in (0, 1, 3, 4, 5, 6, 10, 11):  # windowed, pooling and global blocks on a size that needs padding
        block = model.image_encoder.trunk.blocks[i]
        yield f"block{i:02d}.small", block(rand(f"block{i}", (2, 20, 28, block.dim)))


def _labelled_points():
    labels = torch.tensor([[-1, 0, 1, 2, 3]] * 2, dtype=torch.int32)
    return rand("pts", (2, 5, 2), 300, 512), labels


def _prompts(model):
    encoder = model.sam_prompt_encoder
    sparse, _ = encoder(_labelled_points(), None, (64, 64))
    yield "prompt.sparse", sparse
    yield "prompt.dense_none", encoder.mask(None, (64, 64)).expand(2, -1, -1, -1)
    boxes, mask = rand("boxes", (3, 4), 300, 512), rand("lowmask", (3, 1, 256, 256), 8.0)
    sparse, dense = encoder(None, mask, (64, 64), boxes=boxes)
    yield "prompt.sparse_boxes", sparse
    yield "prompt.dense_mask", dense


def _decoder(model):
    decoder, encoder = model.sam_mask_decoder, model.sam_prompt_encoder
    embedding = rand("dec.emb", (1, 256, 16, 16), 0.8)
    high_res = rand("dec.s0", (1, 32, 64, 64), 0.2), rand("dec.s1", (1, 64, 32, 32), 0.2)
    sparse, dense = encoder(_labelled_points(), None, (16, 16))
    pe = encoder.pe_layer.grid(16, 16)
    arguments = (embedding, pe, sparse, dense, high_res)
    outputs = {
        "all": decoder.decode_all(*arguments),
        "multi": decoder(*arguments, multimask_output=True),
        "single": decoder(*arguments, multimask_output=False),
    }
    for tag, out in outputs.items():
        yield f"decoder.{tag}.masks", out.masks
        yield f"decoder.{tag}.iou", out.ious
        yield f"decoder.{tag}.tokens", out.tokens
        yield f"decoder.{tag}.obj", out.object_score_logits
    tokens = torch.cat([decoder.iou_token.weight, decoder.mask_tokens.weight])[None]
    tokens, image = decoder.transformer(embedding, pe, tokens)
    yield "two_way.tokens", tokens
    yield "two_way.image", image
    logits = rand("stab", (2, 4, 32, 32), 1.0, 0.3)
    logits[0, 0] *= 50  # the first row is stable and kept, the second is replaced
    ious = torch.tensor([[0.1, 0.2, 0.9, 0.3], [0.1, 0.2, 0.3, 0.8]])
    masks, ious = decoder.stable_or_best(logits, ious)
    yield "stability.masks", masks
    yield "stability.iou", ious


def _memory(model):
    encoder = model.memory_encoder
    mask = rand("me.mask", (1, 1, 256, 256), 8.0)
    yield "memory_encoder.features", encoder(rand("me.pix", (1, 256, 16, 16), 0.8), mask)
    yield "memory_encoder.pos", model.memory_position(16, 16)
    yield "memory_encoder.mask_down", encoder.mask_downsampler(mask)
    current, position = rand("ma.cur", (256, 1, 256)), rand("ma.cpos", (256, 1, 256))
    for frames, pointers in ((1, 0), (1, 4), (3, 8)):
        tokens = frames * 256 + pointers
        memory, memory_pos = rand("ma.mem", (tokens, 1, 64)), rand("ma.mpos", (tokens, 1, 64))
        value = model.memory_attention(current, position, memory, memory_pos, pointers, grid=(16, 16))
        yield f"memory_attention.frames{frames}.ptr{pointers}", value


def _video_heads(model):
    high_res = rand("h0", (1, 32, 256, 256), 0.2), rand("h1", (1, 64, 128, 128), 0.2)
    embedding = rand("e64", (1, 256, 64, 64), 0.8)
    mask = (rand("bigmask", (1, 1, 1024, 1024)) > 0.5).float()
    outputs = {
        "mask_as_output.present": model.use_mask_as_output(embedding, high_res, mask),
        "mask_as_output.empty": model.use_mask_as_output(embedding, high_res, mask * 0),
        "sam_heads.noprompt.multi": model.forward_sam_heads(embedding, high_res=high_res, multimask_output=True),
        "sam_heads.noprompt.single": model.forward_sam_heads(embedding, high_res=high_res, multimask_output=False),
    }
    for tag, out in outputs.items():
        if tag.startswith("sam_heads"):
            yield f"{tag}.low_multi", out.low_res_multi
        yield f"{tag}.iou", out.ious
        yield f"{tag}.low", out.low_res
        yield f"{tag}.high", out.high_res
        yield f"{tag}.obj_ptr", out.obj_ptr
        yield f"{tag}.obj_score", out.object_score_logits
