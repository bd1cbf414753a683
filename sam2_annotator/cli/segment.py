"""`sam2-annotator segment`: masks of objects in a picture, as COCO."""

from __future__ import annotations

from collections.abc import Sequence

from sam2_annotator.cli import arguments as args
from sam2_annotator.cli.progress import Terminal
from sam2_annotator.engine.tickets import CancelToken
from sam2_annotator.errors import UsageError
from sam2_annotator.values.prompt import Box, Point, PromptSet


def run(arguments: Sequence[str], terminal: Terminal, token: CancelToken) -> None:
    """Read the arguments and segment. Raises AnnotatorError, Cancelled."""
    options = _parser().parse(arguments)
    objects = _objects(tuple(options.point), tuple(options.box))
    from sam2_annotator.engine.service import EngineService  # imports torch: after the arguments are known to be good
    from sam2_annotator.jobs import segment

    spec = segment.SegmentSpec(
        options.image,
        objects,
        options.out,
        label=options.label,
        model=options.model,
        device=options.device,
        precision=options.precision,
        size=args.input_size(options),
        overwrite=options.overwrite,
    )
    segment.run(spec, EngineService(), terminal, token)
    terminal.clear()


def _parser() -> args.Parser:
    parser = args.Parser(
        "sam2-annotator segment",
        "Segment objects in a picture and write their masks as a COCO file. Points alone make one object; so does a "
        "box with points; several boxes make one object each.",
    )
    parser.add_argument("image", metavar="IMAGE", type=args.path, help="the picture")
    parser.add_argument(
        "--point",
        metavar="X,Y[,0|1]",
        type=args.point,
        action="append",
        default=[],
        help="a point in pixels of the upright picture; 1 (default) belongs to the object, 0 does not",
    )
    parser.add_argument(
        "--box", metavar="X0,Y0,X1,Y1", type=args.box, action="append", default=[], help="a box around an object"
    )
    parser.add_argument("--label", type=args.label, default="object", help="the category (default: %(default)s)")
    args.add_common(parser)
    parser.add_argument("--out", metavar="FILE.json", type=args.path, required=True, help="the COCO file to write")
    return parser


def _objects(points: tuple[Point, ...], boxes: tuple[Box, ...]) -> tuple[PromptSet, ...]:
    """The prompts of each object."""
    if not points and not boxes:
        raise UsageError("No prompt is given.", hint="Give --point X,Y or --box X0,Y0,X1,Y1.")
    if len(boxes) > 1:
        if points:
            raise UsageError("Points cannot be given with several boxes.", hint="Run once for each box.")
        return tuple(PromptSet(box=box) for box in boxes)
    return (PromptSet(points, boxes[0] if boxes else None),)
