"""What is sealed opens for its owner, field and record alone, never without the key file."""

import dataclasses
import stat
from pathlib import Path
from typing import TypeVar
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import MetaData, create_engine, insert, select

from services.chassis.aggregates import Aggregate
from services.chassis.errors import Misconfigured
from services.chassis.vault import (
    DataKey,
    KeyFile,
    Unreadable,
    Vault,
    data_keys,
    default_key_file,
)

T = TypeVar("T")

CHILD = UUID("0b9c3a62-0d6d-4d4e-9a51-2d5f5a7b9c11")
OTHER_CHILD = UUID("5e1f7f0a-6c55-4a7e-8d7e-8b8f3b0f2a22")
RECORD = UUID("77777777-7777-4777-8777-777777777777")


class Kept:
    """Data keys in a real database, without the rest of a unit of work."""

    def __init__(self) -> None:
        self.table = data_keys(metadata := MetaData())
        self.connection = create_engine("sqlite://").connect()
        metadata.create_all(self.connection)

    def find(self, aggregate: Aggregate[T], key: UUID) -> T | None:
        where = aggregate.table.c[aggregate.key] == str(key)
        row = self.connection.execute(select(aggregate.table).where(where)).mappings().first()
        return None if row is None else aggregate.from_row(dict(row))

    def save(self, aggregate: Aggregate[T], state: T) -> T:
        self.connection.execute(insert(aggregate.table).values(aggregate.to_row(state)))
        return state


@pytest.fixture
def keys(tmp_path: Path) -> KeyFile:
    return KeyFile.open(tmp_path / "keys" / "exchange.key", tmp_path / "data")


@pytest.fixture
def kept() -> Kept:
    return Kept()


def test_a_sealed_text_opens_in_a_later_unit_of_work(keys: KeyFile, kept: Kept) -> None:
    sealed = Vault(kept, keys, kept.table).seal(CHILD, "given-name", RECORD, "Zoë Testchild")
    assert "Testchild" not in sealed
    opened = Vault(kept, keys, kept.table).open(CHILD, "given-name", RECORD, sealed)
    assert opened == "Zoë Testchild"


@pytest.mark.parametrize(
    ("owner", "field_name", "record"),
    [
        (OTHER_CHILD, "given-name", RECORD),
        (CHILD, "family-name", RECORD),
        (CHILD, "given-name", OTHER_CHILD),
    ],
)
def test_a_sealed_text_put_elsewhere_is_noticed(
    keys: KeyFile, kept: Kept, owner: UUID, field_name: str, record: UUID
) -> None:
    vault = Vault(kept, keys, kept.table)
    sealed = vault.seal(CHILD, "given-name", RECORD, "Testchild")
    vault.seal(OTHER_CHILD, "given-name", RECORD, "Otherchild")
    with pytest.raises(Unreadable):
        vault.open(owner, field_name, record, sealed)


def test_a_text_without_its_data_key_stays_closed(keys: KeyFile, kept: Kept) -> None:
    sealed = Vault(kept, keys, kept.table).seal(CHILD, "given-name", RECORD, "Testchild")
    empty = Kept()
    with pytest.raises(Unreadable):
        Vault(empty, keys, empty.table).open(CHILD, "given-name", RECORD, sealed)


def test_each_owner_has_a_data_key_of_its_own(keys: KeyFile, kept: Kept) -> None:
    vault = Vault(kept, keys, kept.table)
    vault.seal(CHILD, "given-name", RECORD, "a")
    vault.seal(CHILD, "family-name", RECORD, "b")
    vault.seal(OTHER_CHILD, "given-name", RECORD, "c")
    rows = kept.connection.execute(select(kept.table.table)).all()
    assert {row.owner_ref for row in rows} == {str(CHILD), str(OTHER_CHILD)}


def test_a_data_key_under_another_owner_is_noticed(keys: KeyFile, kept: Kept) -> None:
    vault = Vault(kept, keys, kept.table)
    sealed = vault.seal(CHILD, "given-name", RECORD, "Testchild")
    stolen = kept.find(kept.table, CHILD)
    assert stolen is not None
    kept.save(kept.table, dataclasses.replace(stolen, owner_ref=OTHER_CHILD))
    with pytest.raises(Unreadable):
        Vault(kept, keys, kept.table).open(OTHER_CHILD, "given-name", RECORD, sealed)


def test_another_key_file_is_named_as_the_reason(keys: KeyFile, kept: Kept, tmp_path: Path) -> None:
    sealed = Vault(kept, keys, kept.table).seal(CHILD, "given-name", RECORD, "Testchild")
    other = KeyFile.open(tmp_path / "keys" / "other.key", tmp_path / "data")
    with pytest.raises(Misconfigured, match="does not hold the key"):
        Vault(kept, other, kept.table).open(CHILD, "given-name", RECORD, sealed)


def test_the_key_file_is_made_once_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "exchange.key"
    first = KeyFile.open(path, tmp_path / "data")
    again = KeyFile.open(path, tmp_path / "data")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert (again.root, again.wrapping) == (first.root, first.wrapping)
    assert [entry.name for entry in path.parent.iterdir()] == ["exchange.key"]


def test_data_that_were_begun_with_keys_elsewhere_get_no_new_ones(
    keys: KeyFile, tmp_path: Path
) -> None:
    looked_for = tmp_path / "elsewhere" / "exchange.key"
    with pytest.raises(Misconfigured, match="begun with the one in") as said:
        KeyFile.open(looked_for, tmp_path / "data")
    assert str(keys.path.parent) in str(said.value)
    assert not looked_for.parent.exists()


def test_a_key_file_that_others_may_read_is_refused(keys: KeyFile, tmp_path: Path) -> None:
    keys.path.chmod(0o640)
    with pytest.raises(Misconfigured, match="chmod 600"):
        KeyFile.open(keys.path, tmp_path / "data")


def test_a_key_file_inside_the_data_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="outside"):
        KeyFile.open(tmp_path / "data" / "exchange.key", tmp_path / "data")
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("text", ["", "root x\n", "root AAAA\nwrap AAAA\n", "no sense\n", "\xff"])
def test_a_damaged_key_file_is_said_in_one_sentence(
    keys: KeyFile, tmp_path: Path, text: str
) -> None:
    keys.path.write_text(text, encoding="latin-1")
    with pytest.raises(Misconfigured, match="damaged"):
        KeyFile.open(keys.path, tmp_path / "data")


def test_a_new_wrap_line_takes_over_and_the_old_one_still_opens(
    keys: KeyFile, kept: Kept, tmp_path: Path
) -> None:
    sealed = Vault(kept, keys, kept.table).seal(CHILD, "given-name", RECORD, "Testchild")
    newer = KeyFile.open(tmp_path / "keys" / "newer.key", tmp_path / "data")
    wrap_line = newer.path.read_text().splitlines()[-1]
    keys.path.write_text(f"{keys.path.read_text()}{wrap_line}\n")
    rotated = KeyFile.open(keys.path, tmp_path / "data")
    vault = Vault(kept, rotated, kept.table)
    assert vault.open(CHILD, "given-name", RECORD, sealed) == "Testchild"
    vault.seal(OTHER_CHILD, "given-name", RECORD, "c")
    fresh = kept.find(kept.table, OTHER_CHILD)
    assert isinstance(fresh, DataKey)
    assert fresh.wrapped_with == next(iter(newer.wrapping))


def test_keys_are_not_printed(keys: KeyFile) -> None:
    assert repr(keys.root) not in repr(keys)
    assert "wrapping" not in repr(keys)


def test_the_default_key_file_lies_outside_the_data_and_differs_per_installation(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    here = default_key_file("exchange", tmp_path / "here")
    there = default_key_file("exchange", tmp_path / "there")
    assert here != there
    assert here.name == "exchange.key"
    assert here.is_relative_to(tmp_path / "config" / "alongside")


@given(kinds=st.tuples(st.text(), st.text()), values=st.tuples(st.text(), st.text()))
def test_a_blind_index_is_the_same_only_for_the_same_kind_and_value(
    kinds: tuple[str, str], values: tuple[str, str]
) -> None:
    keys = KeyFile(Path("unused"), b"r" * 32, {"k": b"w" * 32})
    first, second = (keys.blind(kind, value) for kind, value in zip(kinds, values, strict=True))
    assert (first == second) == (kinds[0] == kinds[1] and values[0] == values[1])


def test_derived_secrets_do_not_run_together(keys: KeyFile) -> None:
    assert keys.derive("agency", "ab", "c") != keys.derive("agency", "a", "bc")
