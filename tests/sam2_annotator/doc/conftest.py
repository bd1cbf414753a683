"""An open project for every test of the document."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from sam2_annotator.doc import Project


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the project lies."""
    return tmp_path / "work.s2p"


@pytest.fixture
def project(path: Path) -> Iterator[Project]:
    """An empty project, closed afterwards."""
    with Project.open(path) as opened:
        yield opened
