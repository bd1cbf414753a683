"""One writer at a time, over processes too."""

import subprocess
import sys
from pathlib import Path

from sam2_annotator.doc.lock import WriterLock

_HOLD = """
import sys
from pathlib import Path
from sam2_annotator.doc.lock import WriterLock
lock = WriterLock.acquire(Path(sys.argv[1]))
print("held" if isinstance(lock, WriterLock) else lock, flush=True)
sys.stdin.read()
"""


def test_the_holder_is_named_and_a_released_lock_leaves_nothing(path: Path) -> None:
    lock = WriterLock.acquire(path)
    assert isinstance(lock, WriterLock)
    second = WriterLock.acquire(path)
    assert isinstance(second, str)
    assert "(process " in second
    lock.release()
    assert list(path.parent.iterdir()) == []
    again = WriterLock.acquire(path)
    assert isinstance(again, WriterLock)
    again.release()


def test_a_killed_holder_leaves_the_project_free(path: Path) -> None:
    root = Path(__file__).parents[3]
    holder = subprocess.Popen(
        [sys.executable, "-c", _HOLD, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=root
    )
    with holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        name = WriterLock.acquire(path)
        assert isinstance(name, str)
        assert f"(process {holder.pid})" in name
        holder.kill()
    lock = WriterLock.acquire(path)
    assert isinstance(lock, WriterLock)
    lock.release()
