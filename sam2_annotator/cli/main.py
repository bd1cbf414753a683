"""The command line: which command, what exit code. Rules: stdout only for what was asked to be printed, one sentence
on stderr for a failure, exit codes 0 done, 1 training came to nothing, 2 wrong usage or input, 3 the model is not
available, 130 interrupted.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from signal import SIGINT, SIGTERM, default_int_handler, getsignal, signal
from threading import current_thread, main_thread
from types import FrameType

from sam2_annotator.cli import window
from sam2_annotator.cli.progress import Terminal
from sam2_annotator.cli.window import Windows
from sam2_annotator.engine.tickets import CancelToken
from sam2_annotator.errors import AnnotatorError, Cancelled, ModelUnavailable, TrainingFailed

DONE, FAILED, WRONG_INPUT, NO_MODEL, INTERRUPTED = 0, 1, 2, 3, 130

COMMANDS = {
    "segment": "masks of objects in a picture, as COCO",
    "everything": "masks of everything in a picture, as COCO",
    "track": "masks of objects through a clip, as COCO video",
    "finetune": "a model that learned from a project's confirmed masks",
    "doctor": "what this program finds on this machine",
}
"""The word that begins a command, and what it gives."""

Command = Callable[[Sequence[str], Terminal, CancelToken], None]


def main(arguments: Sequence[str] | None = None, *, windows: Windows) -> int:
    """Run a command, or open the window when no command is named. Returns the exit code; never raises."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    terminal = Terminal(sys.stderr)
    try:
        if not given or given[0] not in COMMANDS:
            return window.run(given, COMMANDS, windows)
        with _interruptible() as token:
            _command(given[0])(given[1:], terminal, token)
        return DONE
    except AnnotatorError as error:
        terminal.fail(error)
        match error:
            case ModelUnavailable():
                return NO_MODEL
            case TrainingFailed():
                return FAILED
        return WRONG_INPUT
    except (Cancelled, KeyboardInterrupt):
        terminal.say("Interrupted.")
        return INTERRUPTED
    except OSError as error:
        terminal.fail(AnnotatorError(f"{_subject(error)}: {error.strerror or error}."))
        return WRONG_INPUT
    except SystemExit as error:  # argparse, after --help and --version
        return DONE if error.code is None else int(error.code)


def _command(name: str) -> Command:
    """The command's `run`, imported when it is asked for: the window must not wait for it."""
    match name:
        case "segment":
            from sam2_annotator.cli import segment

            return segment.run
        case "everything":
            from sam2_annotator.cli import everything

            return everything.run
        case "track":
            from sam2_annotator.cli import track

            return track.run
        case "finetune":
            from sam2_annotator.cli import finetune

            return finetune.run
        case _:
            from sam2_annotator.cli import doctor

            return doctor.run


@contextmanager
def _interruptible() -> Iterator[CancelToken]:
    """A token the first Ctrl+C or SIGTERM sets: the work ends between two steps. The second one ends it at once."""
    token = CancelToken()

    def interrupt(number: int, frame: FrameType | None) -> None:
        if token.is_set:
            default_int_handler(number, frame)
        token.set()

    if current_thread() is not main_thread():
        yield token
        return
    before = {number: getsignal(number) for number in (SIGINT, SIGTERM)}
    for number in before:
        signal(number, interrupt)
    try:
        yield token
    finally:
        for number, handler in before.items():
            signal(number, handler)


def _subject(error: OSError) -> str:
    return f"{str(error.filename)!r}" if error.filename else "The system refused"
