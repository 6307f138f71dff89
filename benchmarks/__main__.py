"""Run the benchmarks and print their table."""

import argparse
import importlib
import json
from pathlib import Path

from benchmarks.rows import Row, left_out

JOBS = ("imports", "flow", "figure5", "latency", "ensembles", "contexts", "staircase", "deep_linear")


def table(rows: list[Row]) -> str:
    """The rows as text, times in milliseconds."""
    head = ("job", "ours", "peer", "its time", "ratio", "error", "note")
    cells = [head] + [
        (
            row.job,
            f"{1e3 * row.ours_s:.3g} ms",
            row.peer or "-",
            "-" if row.peer_s is None else f"{1e3 * row.peer_s:.3g} ms",
            "-" if row.ratio is None else f"{row.ratio:.2g}",
            "-" if row.error is None else f"{row.error:.1e}",
            row.note,
        )
        for row in rows
    ]
    widths = [max(len(line[i]) for line in cells) for i in range(len(head))]
    return "\n".join("  ".join(c.ljust(w) for c, w in zip(line, widths, strict=True)).rstrip() for line in cells)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("jobs", nargs="*", metavar="JOB", help=f"{', '.join(JOBS)}; all of them if none is named")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the rows as JSON")
    chosen = parser.parse_args()
    for job in chosen.jobs:
        if job not in JOBS:
            parser.error(f"expected jobs out of {', '.join(JOBS)}, found {job!r}")
    if chosen.json and not chosen.json.parent.is_dir():  # now, and not after minutes
        parser.error(f"--json: expected a file in a folder that exists, found {chosen.json}")
    rows: list[Row] = []
    for job in chosen.jobs or JOBS:
        try:
            rows += importlib.import_module(f"benchmarks.{job}").rows()
        except ImportError as error:
            left_out(job, error)
    print(table(rows))
    if chosen.json:
        text = json.dumps([row.record() for row in rows], indent=1)
        chosen.json.write_text(text + "\n", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
