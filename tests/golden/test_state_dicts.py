"""Each model has exactly the published parameter names and shapes."""

import pytest
import torch

from golden import cases
from golden.arrays import Golden
from sam2_core.build_sam import HF_MODEL_ID_TO_FILENAMES
from sam2_core.config import CONFIGS, resolve_name
from sam2_core.modeling.sam2_base import SAM2Base


@pytest.mark.parametrize("name", cases.MODELS)
def test_keys_and_shapes(name):
    published = Golden(f"state_dict_{name}").values
    with torch.device("meta"):
        model = SAM2Base(CONFIGS[name])
    got = {key: {"shape": list(v.shape), "dtype": "float32"} for key, v in model.state_dict().items()}
    assert got == published["tensors"]
    assert sum(p.numel() for p in model.parameters()) == published["num_parameters"]


@pytest.mark.parametrize("name", cases.MODELS)
def test_published_names_lead_to_the_model(name):
    published = Golden(f"state_dict_{name}").values
    assert HF_MODEL_ID_TO_FILENAMES[published["hf_repo"]] == (published["config"], published["file"])
    assert resolve_name(published["hf_repo"]) == resolve_name(published["config"]) == name
