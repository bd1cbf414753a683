import os
import subprocess
import sys
from pathlib import Path


def test_the_window_starts_beside_the_opencv_wheel_that_brings_its_own_qt(tmp_path: Path) -> None:
    """That wheel sets these variables when it is imported; its plug-ins are of another Qt."""
    foreign = tmp_path / "cv2" / "qt"
    (foreign / "plugins" / "platforms").mkdir(parents=True)
    (foreign / "plugins" / "platforms" / "libqoffscreen.so").write_bytes(b"not of this Qt")
    code = (
        "import os; from sam2_annotator.ui import main; qt = main.application(); "
        "names = [name for name in os.environ if name.startswith('QT_QPA')]; "
        "print(qt.platformName(), [name for name in names if 'cv2' in os.environ[name]])"
    )
    environment = {
        **os.environ,
        "QT_QPA_PLATFORM": "offscreen",
        "QT_QPA_PLATFORM_PLUGIN_PATH": str(foreign / "plugins"),
        "QT_QPA_FONTDIR": str(foreign / "fonts"),
    }
    run = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False)
    assert (run.returncode, run.stdout) == (0, "offscreen []\n"), run.stderr
