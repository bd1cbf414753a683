"""Compare the engine with every golden array; exit status 1 where one is too far off.

python tests/golden/check_golden.py [--only units image video amg models] [--models sam2_hiera_tiny,...]

`SAM2_GOLDEN` may name another folder of arrays.
"""

import argparse
import sys
import time

from golden import amg, cases, units
from golden.arrays import Comparison


def check_units():
    """The building blocks."""
    compare = Comparison("units")
    for name, value in units.tiny_units():
        compare(name, value)
    yield compare


def check_image():
    """Still pictures."""
    compare = Comparison("image_tiny")
    cases.run_image(cases.TINY, compare)
    yield compare


def check_video():
    """Clips: every script."""
    for stem, script in cases.VIDEO_SCRIPTS.items():
        compare = Comparison(stem)
        cases.run_video(cases.TINY, script, compare)
        yield compare


def check_amg():
    """Automatic masks."""
    for tag in cases.AMG_CASES:
        yield amg.RecordComparison(tag, cases.run_amg(cases.TINY, tag))


def check_models(names):
    """A click and a short clip with each model."""
    for name in names:
        compare = Comparison(f"model_{name}")
        cases.run_model(name, compare)
        yield compare


def main():
    """Run the parts named on the command line, or all."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parts = {"units": check_units, "image": check_image, "video": check_video, "amg": check_amg, "models": check_models}
    parser.add_argument("--only", nargs="+", choices=parts, default=tuple(parts), help="what to check; else everything")
    parser.add_argument("--models", default=",".join(cases.MODELS), help="names, separated by commas")
    options = parser.parse_args()
    agrees = True
    for part in options.only:
        start = time.monotonic()
        results = check_models(options.models.split(",")) if part == "models" else parts[part]()
        for result in results:
            print(f"{result}  [{time.monotonic() - start:.1f} s]", flush=True)
            agrees = agrees and result.agrees
            start = time.monotonic()
    return 0 if agrees else 1


if __name__ == "__main__":
    sys.exit(main())
