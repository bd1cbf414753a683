"""What the commands of this package have in common: errors become one sentence, and models are found by name."""

import errno
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from sam2_core.build_sam import build_sam2_video_predictor
from sam2_core.checkpoints import recognise
from sam2_core.config import ModelConfig
from sam2_core.devices import precision_for
from sam2_core.errors import EngineError
from sam2_core.hub import fetch
from sam2_core.sam2_video_predictor import SAM2VideoPredictor

FAILED, INTERRUPTED = 1, 130


def run_command(work: Callable[[], None]) -> int:
    """Exit code of a command's work: 0, or 1 with a sentence on standard error, or 130 when it was interrupted."""
    try:
        work()
    except (EngineError, ValueError) as error:
        sys.stderr.write(f"{error}\n")
        return FAILED
    except OSError as error:
        sys.stderr.write(f"{describe(error)}\n")
        return FAILED
    except KeyboardInterrupt:
        sys.stderr.write("Interrupted; what was finished before is kept.\n")
        return INTERRUPTED
    return 0


def describe(error: OSError) -> str:
    """One sentence for what the system said."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        place = error.filename or "the output folder"
        return f"The disk of {place} is full; make room and give the same command again."
    return f"{error.filename or 'A file'}: {error.strerror or error}."


def model_file(name: str) -> Path:
    """Checkpoint of a model given as a file, a name or a Hub id; fetched if it is not on this machine.

    Raises:
        ModelNotAvailable: it cannot be had.
    """
    path = Path(name)
    return path if path.suffix in (".safetensors", ".pt", ".pth") else fetch(name)


def load_model(name: str, *, device: str | None = None, image_size: int | None = None) -> SAM2VideoPredictor:
    """Model for training: as its configuration says, without what builders add for use.

    Raises:
        EngineError: the model or the device cannot be used. ValueError: an image size that is no multiple of 32.
    """
    path = model_file(name)
    config = _sized(path, image_size)
    return build_sam2_video_predictor(config, path, device=device, apply_postprocessing=False)


def load_for_measuring(
    name: str, *, device: str | None = None, image_size: int | None = None, postprocessing: bool = False
) -> SAM2VideoPredictor:
    """Model as it is used, but without the stability rule and hole filling unless `postprocessing`.

    Raises:
        EngineError, ValueError: as `load_model`.
    """
    path = model_file(name)
    model = build_sam2_video_predictor(
        _sized(path, image_size), path, device=device, dynamic_multimask_via_stability=postprocessing
    )
    model.compute_in(precision_for(model.device))
    if not postprocessing:
        model.fill_hole_area = 0
    return model


def _sized(path: Path, image_size: int | None) -> ModelConfig:
    config = recognise(path)
    return config if image_size is None else replace(config, image_size=image_size)
