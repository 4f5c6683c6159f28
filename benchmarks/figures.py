"""Turns measurements into one table for people and one JSON line for programs."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from benchmarks.machine import load, machine

Row = tuple[str, ...]


def percentile(values: Sequence[float], part: float) -> float:
    """Return the smallest value that so large a part (0 to 1) of the values does not exceed."""
    ranked = sorted(values)
    return ranked[max(0, -int(-part * len(ranked) // 1) - 1)]


def milliseconds(values: Sequence[float]) -> dict[str, float]:
    """Return p50, p95 and p99 of durations in seconds, as milliseconds."""
    return {
        f"p{part}_ms": round(percentile(values, part / 100) * 1_000, 1) for part in (50, 95, 99)
    }


def say(name: str, table: Sequence[Row], figures: Mapping[str, object], load_before: float) -> None:
    """Print a table, its first row the names of the columns, and the same as one JSON line."""
    widths = [max(len(row[column]) for row in table) for column in range(len(table[0]))]
    print(f"\n{name}")
    for row in table:
        first, *others = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        print("  " + "  ".join([first, *others]).rstrip())
    taken = {"benchmark": name, "at": datetime.now(UTC).isoformat(timespec="seconds")}
    conditions = {"machine": machine(), "load_average": [load_before, load()]}
    print(f"  load average (1 minute): {load_before} before, {load()} after")
    print(json.dumps({**taken, **conditions, **figures}), flush=True)
