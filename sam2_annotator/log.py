"""The log: one rotating file on this machine, a line per fact: `embedded item=3 frame=12 ms=41`."""

from __future__ import annotations

import json
import logging
from logging.handlers import RotatingFileHandler
from pathlib import Path

ROOT = "sam2_annotator"
FILE_NAME = "sam2-annotator.log"
FILE_BYTES = 1 << 20
OLD_FILES = 3
FORMAT = "%(asctime)s %(levelname)-7s %(threadName)s %(name)s: %(message)s"

Fact = str | int | float | bool | None | Path


class Log:
    """Writes events of one part of the program: words first, then facts as key=value."""

    def __init__(self, logger: logging.Logger) -> None:
        self._logger = logger

    def debug(self, event: str, /, **facts: Fact) -> None:
        """For someone who looks for a fault; not written unless asked for."""
        self._write(logging.DEBUG, event, facts)

    def info(self, event: str, /, **facts: Fact) -> None:
        """Something happened as it should."""
        self._write(logging.INFO, event, facts)

    def warning(self, event: str, /, **facts: Fact) -> None:
        """Something is not as it should be; the program went on."""
        self._write(logging.WARNING, event, facts)

    def error(self, event: str, /, *, cause: BaseException | None = None, **facts: Fact) -> None:
        """Something failed; `cause` adds its traceback."""
        self._write(logging.ERROR, event, facts, cause)

    def _write(self, level: int, event: str, facts: dict[str, Fact], cause: BaseException | None = None) -> None:
        if self._logger.isEnabledFor(level):
            words = [event, *(f"{key}={_value(fact)}" for key, fact in facts.items())]
            self._logger.log(level, "%s", " ".join(words), exc_info=cause)


def get(part: str) -> Log:
    """The log of a part: `engine`, `doc`, `media`, `ui`, `jobs`."""
    return Log(logging.getLogger(f"{ROOT}.{part}"))


def start(folder: Path, *, level: int = logging.INFO) -> Path | None:
    """Write to a file in `folder` from now on; returns it, or None when the folder cannot be written."""
    path = folder / FILE_NAME
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(path, maxBytes=FILE_BYTES, backupCount=OLD_FILES, encoding="utf-8")
    except OSError:
        return None
    handler.setFormatter(logging.Formatter(FORMAT))
    logger = logging.getLogger(ROOT)
    stop()
    logger.addHandler(handler)
    logger.setLevel(level)
    return path


def stop() -> None:
    """Close the file."""
    logger = logging.getLogger(ROOT)
    for handler in [handler for handler in logger.handlers if isinstance(handler, RotatingFileHandler)]:
        logger.removeHandler(handler)
        handler.close()


def _value(fact: Fact) -> str:
    """One word: numbers short, text quoted where it holds more than plain characters, so a line stays a line."""
    if isinstance(fact, float):
        return f"{fact:.6g}"
    text = str(fact)
    plain = text.isprintable() and text and not any(character in text for character in ' "=\\')
    return text if plain else json.dumps(text)
