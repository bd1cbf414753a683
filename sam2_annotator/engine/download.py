"""Fetching a model in short steps: the download runs beside, each step says how far it is."""

from __future__ import annotations

from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path

from sam2_annotator.engine.catalogue import ModelEntry
from sam2_annotator.engine.messages import Activity
from sam2_annotator.engine.tickets import CancelToken

_STEP_SECONDS = 0.05


def fetch(entry: ModelEntry, token: CancelToken) -> Generator[Activity, None, Path]:
    """Download a model of the Hub and return its file; a stopped download goes on from there the next time.

    Closing the generator stops the download.

    Raises:
        sam2_core.errors.ModelNotAvailable: no network, no room, or not the published file.
        sam2_core.errors.Cancelled: the token was set.
    """
    from sam2_core import hub

    closed = CancelToken()
    told = Activity(f"Fetching {entry.title}")

    def progress(done: int, total: int) -> None:
        nonlocal told
        text = f"Fetching {entry.title}: {done / 1e6:.0f} of {total / 1e6:.0f} MB"
        told = Activity(text, done / total if total else None)

    with ThreadPoolExecutor(1, "download") as beside:
        path = beside.submit(
            hub.fetch, entry.hub_id or entry.name, progress=progress, cancel=lambda: closed.is_set or token.is_set
        )
        try:
            while not path.done():
                yield told
                wait([path], _STEP_SECONDS)
        finally:
            closed.set()
        return path.result()
