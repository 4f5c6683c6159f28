"""What a command shows can be given to the next one: an id is never cut short."""

import pytest
import typer

from services.chassis.errors import BusUnavailable
from services.launcher.commands.saying import one_sentence, out, table

ID = "0199f0a2-7c1e-7f3a-9b52-2f6f0c1d8e44"
COLUMNS = ("id", "service", "since", "event_type", "code", "detail")
DETAIL = "No file of rules covers the authority, as the longest of these sentences says."
ROW = (ID, "referral", "2026-11-22T10:00:00.000000Z", "conference.scheduled", "policy-unknown")


@pytest.mark.parametrize("colours", ["", "1"])
def test_an_id_is_whole_in_a_narrow_window_and_where_it_is_piped(
    colours: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FORCE_COLOR", colours)
    monkeypatch.setattr(out, "width", 80)
    assert out.is_terminal is bool(colours)
    table(COLUMNS, [(*ROW, DETAIL)])
    shown = capsys.readouterr().out
    assert all(value in shown for value in ROW)
    assert "\N{HORIZONTAL ELLIPSIS}" not in shown


def test_a_row_is_one_line_where_it_is_piped(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "")
    monkeypatch.setattr(out, "width", 80)
    table(COLUMNS, [(*ROW, DETAIL)])
    (line,) = (line for line in capsys.readouterr().out.splitlines() if ID in line)
    assert DETAIL in line


@pytest.mark.parametrize(
    ("raised", "said"),
    [
        ("kafka topics: _TIMED_OUT", "alongside: the broker does not answer: `alongside status`"),
        ("the embedded bus cannot be written", "alongside: the embedded bus cannot be written"),
    ],
)
def test_a_bus_that_does_not_answer_is_said_in_words(
    raised: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(typer.Exit) as left, one_sentence():
        raise BusUnavailable(raised)
    assert left.value.exit_code == 2
    told = capsys.readouterr().err
    assert told.startswith(said)
    assert "_TIMED_OUT" not in told
