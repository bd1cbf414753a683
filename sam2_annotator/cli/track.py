"""`sam2-annotator track`: masks of objects through a clip, as COCO video."""

from __future__ import annotations

from collections.abc import Sequence

from sam2_annotator.cli import arguments as args
from sam2_annotator.cli.progress import Terminal
from sam2_annotator.engine.tickets import CancelToken
from sam2_annotator.values.states import Direction


def run(arguments: Sequence[str], terminal: Terminal, token: CancelToken) -> None:
    """Read the arguments and track. Raises AnnotatorError, Cancelled."""
    options = _parser().parse(arguments)
    from sam2_annotator.engine.service import EngineService  # imports torch: after the arguments are known to be good
    from sam2_annotator.jobs import track

    spec = track.TrackSpec(
        options.video,
        options.prompts,
        options.out,
        frames=options.frames,
        direction=Direction(options.direction),
        model=options.model,
        device=options.device,
        precision=options.precision,
        size=args.input_size(options),
        overwrite=options.overwrite,
        resume=options.resume,
    )
    track.run(spec, EngineService(), terminal, token)
    terminal.clear()


def _parser() -> args.Parser:
    parser = args.Parser(
        "sam2-annotator track",
        "Track objects through a clip and write their masks, frame by frame, as DIR/annotations.json (COCO video).",
    )
    parser.add_argument("video", metavar="VIDEO", type=args.path, help="a video file, or a folder of pictures")
    parser.add_argument(
        "--prompts",
        metavar="PROMPTS.json",
        type=args.path,
        required=True,
        help='{"objects": [{"id": 1, "label": "dog", "prompts": [{"frame": 0, "points": [[x, y, 1]], '
        '"box": [x0, y0, x1, y1], "mask": "mask.png"}]}]} with any of points, box and mask',
    )
    parser.add_argument(
        "--frames",
        metavar="A:B",
        type=args.frame_range,
        default=(None, None),
        help="frames A to B - 1, either may be left out (default: the whole clip)",
    )
    parser.add_argument(
        "--direction",
        choices=[direction.value for direction in Direction],
        default=Direction.FORWARD.value,
        help="forward from each object's first prompt (default), backward from its last, or both ways",
    )
    args.add_common(parser)
    parser.add_argument("--resume", action="store_true", help="go on from the frames an interrupted run left")
    parser.add_argument("--out", metavar="DIR", type=args.path, required=True, help="the folder to write")
    return parser
