"""The log of a run: a CSV table with a row per interval, which a resumed run continues where its state was saved."""

import csv
import io
from collections.abc import Mapping
from pathlib import Path

Row = dict[str, float]


class TrainingLog:
    """Rows of figures by name, written through at once; columns may appear later."""

    def __init__(self, path: Path, *, upto: float) -> None:
        """Keep the rows of an earlier part of the run whose step is at most `upto`."""
        self.path = path
        self.rows = [row for row in read_log(path) if row["step"] <= upto]

    def add(self, row: Mapping[str, float]) -> None:
        """Add a row; figures of the same step join one row.

        Raises:
            OSError: the file cannot be written.
        """
        if self.rows and self.rows[-1]["step"] == row["step"]:
            self.rows[-1] = {**self.rows[-1], **row}
        else:
            self.rows.append(dict(row))
        self.write()

    def write(self) -> None:
        """Write the table anew; it is small."""
        columns = list(dict.fromkeys(name for row in self.rows for name in row))
        text = io.StringIO()
        writer = csv.DictWriter(text, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows({name: f"{value:.6g}" for name, value in row.items()} for row in self.rows)
        part = self.path.with_name(self.path.name + ".part")
        part.write_text(text.getvalue(), encoding="utf-8")
        part.replace(self.path)


def read_log(path: Path) -> list[Row]:
    """Rows of a log, empty where there is none; what is no number is left out."""
    if not path.is_file():
        return []
    with path.open(newline="", encoding="utf-8") as file:
        rows = [{name: float(value) for name, value in row.items() if name and value} for row in csv.DictReader(file)]
    return [row for row in rows if "step" in row]
