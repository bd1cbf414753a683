"""`sam2-annotator everything`: masks of all there is in a picture, as COCO."""

from __future__ import annotations

from collections.abc import Sequence

from sam2_annotator.cli import arguments as args
from sam2_annotator.cli.progress import Terminal
from sam2_annotator.engine.tickets import CancelToken
from sam2_annotator.values.everything import MAX_CROP_LAYERS, MAX_POINTS_PER_SIDE, EverythingOptions

_DEFAULTS = EverythingOptions()
_MOST_PIXELS = 999_999_999


def run(arguments: Sequence[str], terminal: Terminal, token: CancelToken) -> None:
    """Read the arguments and look for everything. Raises AnnotatorError, Cancelled."""
    options = _parser().parse(arguments)
    from sam2_annotator.engine.service import EngineService  # imports torch: after the arguments are known to be good
    from sam2_annotator.jobs import everything

    spec = everything.EverythingSpec(
        options.image,
        options.out,
        EverythingOptions(
            options.points_per_side,
            options.pred_iou_thresh,
            options.stability_score_thresh,
            options.box_nms_thresh,
            options.crop_layers,
            options.min_area,
            options.use_m2m,
        ),
        label=options.label,
        model=options.model,
        device=options.device,
        precision=options.precision,
        size=args.input_size(options),
        overwrite=options.overwrite,
    )
    everything.run(spec, EngineService(), terminal, token)
    terminal.clear()


def _parser() -> args.Parser:
    parser = args.Parser(
        "sam2-annotator everything",
        "Look for everything in a picture, with a grid of points, and write the masks as a COCO file, the best one "
        "first.",
    )
    parser.add_argument("image", metavar="IMAGE", type=args.path, help="the picture")
    parser.add_argument(
        "--points-per-side",
        metavar="N",
        type=args.whole(1, MAX_POINTS_PER_SIDE),
        default=_DEFAULTS.points_per_side,
        help="the grid has N x N points: more find smaller things and take longer (default: %(default)s)",
    )
    parser.add_argument(
        "--pred-iou-thresh",
        metavar="X",
        type=args.share,
        default=None,
        help="keep masks of which the model expects an IoU above X (default: what suits the model, 0.8 for the "
        "official ones)",
    )
    parser.add_argument(
        "--stability-score-thresh",
        metavar="X",
        type=args.share,
        default=None,
        help="keep masks that change by less than 1 - X with the threshold (default: what suits the model, 0.95 for "
        "the official ones)",
    )
    parser.add_argument(
        "--box-nms-thresh",
        metavar="X",
        type=args.share,
        default=_DEFAULTS.box_nms_thresh,
        help="of masks whose boxes overlap by more than X (IoU) keep the best (default: %(default)s)",
    )
    parser.add_argument(
        "--crop-layers",
        metavar="N",
        type=args.whole(0, MAX_CROP_LAYERS),
        default=_DEFAULTS.crop_layers,
        help="look at 4, then 16, then 64 parts of the picture too, for small things (default: %(default)s)",
    )
    parser.add_argument(
        "--min-area",
        metavar="PIXELS",
        type=args.whole(0, _MOST_PIXELS),
        default=_DEFAULTS.min_area,
        help="leave out masks smaller than this, and smaller holes and parts of the others (default: %(default)s)",
    )
    parser.add_argument("--use-m2m", action="store_true", help="refine each mask once more: better, and slower")
    parser.add_argument("--label", type=args.label, default="object", help="the category (default: %(default)s)")
    args.add_common(parser)
    parser.add_argument("--out", metavar="FILE.json", type=args.path, required=True, help="the COCO file to write")
    return parser
