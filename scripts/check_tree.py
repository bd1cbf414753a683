"""Checks what the other tools do not: sizes of files and functions, and that tests mirror the packages.

Limits are those of ARCHITECTURE.md section 9. Exit code 1 and one line for each finding.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("sam2_core", "sam2_annotator")
FILE_LINES = 400
FUNCTION_LINES = 80


def modules() -> list[Path]:
    """Every module of the packages, relative to the repository."""
    return sorted(path.relative_to(ROOT) for name in PACKAGES for path in (ROOT / name).rglob("*.py"))


def too_long(path: Path) -> Iterator[str]:
    """Files and functions over the limits."""
    text = (ROOT / path).read_text(encoding="utf-8")
    lines = text.count("\n")
    if lines > FILE_LINES:
        yield f"{path}: {lines} lines, at most {FILE_LINES}; cut it in two"
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > FUNCTION_LINES:
                yield f"{path}:{node.lineno}: {node.name} has {length} lines, at most {FUNCTION_LINES}"


def dotted(path: Path) -> str:
    """Module name of a file."""
    return ".".join(path.with_suffix("").parts).removesuffix(".__init__")


def imported_by_tests() -> set[str]:
    """Every dotted name a test imports, with all its parents' members spelled out."""
    names: set[str] = set()
    for path in (ROOT / "tests").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names.update(alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module:
                names.add(node.module)
                names.update(f"{node.module}.{alias.name}" for alias in node.names)
    return names


def untested(paths: list[Path]) -> Iterator[str]:
    """Modules with code that no test imports, neither themselves nor a module that imports them."""
    imports = {dotted(path): set(imports_of(path)) for path in paths}
    reached = imports.keys() & imported_by_tests()
    frontier = list(reached)
    while frontier:
        for name in imports[frontier.pop()] & imports.keys() - reached:
            reached.add(name)
            frontier.append(name)
    for path in paths:
        if path.name not in ("__init__.py", "__main__.py") and dotted(path) not in reached:
            yield f"{path}: no test reaches it; add tests/{path.parent}/test_{path.name}"


def imports_of(path: Path) -> Iterator[str]:
    """Dotted names a module imports, anywhere in it."""
    for node in ast.walk(ast.parse((ROOT / path).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def orphans() -> Iterator[str]:
    """Test files in the mirrored folders that name no module."""
    for package in PACKAGES:
        for path in (ROOT / "tests" / package).rglob("test_*.py"):
            twin = path.relative_to(ROOT / "tests").with_name(path.name.removeprefix("test_"))
            if not (ROOT / twin).exists() and not (ROOT / twin).with_suffix("").is_dir():
                yield f"{path.relative_to(ROOT)}: there is no {twin}; rename it or move it to tests/stories"


def main() -> int:
    """Print the findings; 1 when there are any."""
    paths = modules()
    findings = [finding for path in paths for finding in too_long(path)]
    findings += untested(paths)
    findings += orphans()
    for finding in findings:
        sys.stderr.write(finding + "\n")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
