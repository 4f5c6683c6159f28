"""Turns the bytes of a file into numbered rows, or says why a line cannot be read."""

import csv
import io
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

MAX_BYTES: Final = 10 * 1024 * 1024
_BOM: Final = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Refusal:
    """One thing that was not taken in: where, a code, and a sentence without the value."""

    line: int
    column: str
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Line:
    """One row: the line it begins on, and its cells by column."""

    number: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class CsvTable:
    """What a file holds; `columns` are those of its header."""

    columns: tuple[str, ...] = ()
    lines: tuple[Line, ...] = ()
    refused: tuple[Refusal, ...] = field(default=())
    rows: int = 0


def read_table(data: bytes, known: Collection[str], required: Sequence[str]) -> CsvTable:
    """Read a file with a header (RFC 4180, UTF-8); what cannot be read is refused line by line.

    Of a header that is refused nothing is told: without a header the first line is a child's.
    """
    if len(data) > MAX_BYTES:
        return _refused("file-too-large", "A file has at most 10 MB: send it in parts.")
    try:
        text = data.removeprefix(_BOM).decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return _refused("not-utf-8", "The file is not UTF-8 text: save it as CSV UTF-8.", line)
    rows = _rows(text)
    header = next(rows, None)
    if not isinstance(header, tuple):
        return _refused("no-header", "The first line names the columns.")
    columns = tuple(cell.strip().lower() for cell in header[1])
    if refused := tuple(_header_refusals(columns, known, required)):
        return CsvTable(refused=refused)
    return _table(columns, rows)


def _table(columns: tuple[str, ...], rows: "Iterator[_Numbered | Refusal]") -> CsvTable:
    lines: list[Line] = []
    refused: list[Refusal] = []
    for row in rows:
        read = row if isinstance(row, Refusal) else _line(columns, *row)
        if isinstance(read, Refusal):
            refused.append(read)
        else:
            lines.append(read)
    return CsvTable(columns, tuple(lines), tuple(refused), len(lines) + len(refused))


_Numbered = tuple[int, list[str]]


def _rows(text: str) -> "Iterator[_Numbered | Refusal]":
    """Yield each row with the line it begins on; after broken quotes nothing can be trusted."""
    # The library's own limit, 131,072 characters, would end the reading as if quotes were broken.
    csv.field_size_limit(MAX_BYTES)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    while True:
        begins = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield Refusal(begins, "", "broken-quotes", "The quotes break here: the rest is unread.")
            return
        if any(cell.strip() for cell in cells):
            yield begins, cells


def _line(columns: tuple[str, ...], number: int, cells: list[str]) -> Line | Refusal:
    if len(cells) > len(columns):
        return Refusal(number, "", "too-many-cells", "More cells than the header has columns.")
    if len(cells) < len(columns):
        return Refusal(number, "", "too-few-cells", "Fewer cells than the header has columns.")
    return Line(number, {name: cell.strip() for name, cell in zip(columns, cells, strict=True)})


def _header_refusals(
    columns: tuple[str, ...], known: Collection[str], required: Sequence[str]
) -> Iterator[Refusal]:
    for name in required:
        if name not in columns:
            yield Refusal(1, name, "column-missing", "This column is needed.")
    for name in known:
        if columns.count(name) > 1:
            yield Refusal(1, name, "column-twice", "This column is there twice.")


def _refused(code: str, message: str, line: int = 1) -> CsvTable:
    return CsvTable(refused=(Refusal(line, "", code, message),))
