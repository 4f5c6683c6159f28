"""What a worker says of itself for the launcher: that it is there, and when all is done."""

import json
from pathlib import Path

from services.chassis.worker import _BUSY, _Report


def said(data: Path) -> tuple[int, bool]:
    told = json.loads((data / "run" / "exchange-0.json").read_text())
    return told["clock_version"], told["assigned"]


def test_who_has_much_to_do_after_a_start_is_there_and_not_at_rest(tmp_path: Path) -> None:
    report = _Report(tmp_path, "exchange-0")
    report.write_busy(assigned=True)
    assert said(tmp_path) == (_BUSY, True)
    assert _BUSY < 0  # no clock has this version
    report.write(7, assigned=True)
    assert said(tmp_path) == (7, True)


def test_a_short_moment_of_work_is_not_told(tmp_path: Path) -> None:
    report = _Report(tmp_path, "exchange-0")
    report.write(7, assigned=True)
    report.write_busy(assigned=True)
    assert said(tmp_path) == (7, True)
