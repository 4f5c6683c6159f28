"""Keeps what names a person, or is a child's own word, unreadable to whoever holds only the data.

Two keys, one inside the other: every owner (a child, a meeting, an adult) has a data key of its
own in the database, wrapped by a key-encrypting key that lies in a file outside the data folder.
A copied database says nothing without the file, and one destroyed data key makes one owner's
rows unreadable for ever, in every backup too.

Use, in a service::

    DATA_KEYS = data_keys(METADATA)                               # storage/tables.py
    keys = KeyFile.open(settings_path, settings.data)             # app.py, kept in the context
    vault = Vault(work, work.context.keys, DATA_KEYS)             # wherever there is a work
    sealed = vault.seal(child_ref, "given-name", record_ref, "…") # a str for a Text column
    vault.open(child_ref, "given-name", record_ref, sealed)
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import hashlib
import hmac
import os
import secrets
import stat
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, Self, TypeVar
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Column, Integer, LargeBinary, MetaData, Table

from services.chassis.aggregates import Aggregate
from services.chassis.database import reading
from services.chassis.errors import AlongsideError, Misconfigured
from services.chassis.installation import installation_id
from services.chassis.sql import Sql
from services.chassis.storage import Code, Ref

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Engine

T = TypeVar("T")

_KEY_BYTES = 32
_NONCE_BYTES = 12
_SCHEME = "1"
_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_FIRST_LINE = (
    "# Keys of Alongside. Whoever has this file and the data can read names. Keep both, apart."
)


class Unreadable(AlongsideError):
    """A sealed text does not belong to this owner, field and record, or was altered."""


def default_key_file(service: str, data: Path) -> Path:
    """Say where a service's key file lies unless a setting says otherwise: never in the data.

    The folder is named by the installation, so that data moved elsewhere still find their keys.
    """
    base = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")
    return base / "alongside" / installation_id(data) / f"{service}.key"


@dataclass(frozen=True)
class KeyFile:
    """The keys of one service, read once at start.

    The file has one `root` line, from which fixed secrets are derived, and one or more `wrap`
    lines. The last `wrap` line wraps new data keys, the ones before it still open old ones: a
    new key is brought in by adding a line.
    """

    path: Path
    root: bytes = field(repr=False)
    wrapping: Mapping[str, bytes] = field(repr=False)

    @classmethod
    def open(cls, path: Path, data: Path) -> Self:
        """Read the file; make it on the first start, and never again for the same data.

        The data remember where it was made: new keys would open nothing that is there.

        Raises:
            Misconfigured: it lies in the data folder, is not there any more, others may read it,
                or it holds no keys.
        """
        if path.resolve().is_relative_to(data.resolve()):
            message = f"the key file {path} lies inside the data folder; name a place outside it"
            raise Misconfigured(message)
        made = data / f"{path.name}.made"
        if not path.exists() and made.exists():
            message = (
                f"the key file {path} is not there, and this data was begun with the one in "
                f"{made.read_text(encoding='utf-8').strip()}: name that folder by ALONGSIDE_KEYS, "
                "or put the file back"
            )
            raise Misconfigured(message)
        if not path.exists():
            _make(path)
        if not made.exists():
            data.mkdir(parents=True, exist_ok=True)
            made.write_text(f"{path.resolve().parent}\n", encoding="utf-8")
        if path.stat().st_mode & _OTHERS:
            message = f"others may read the key file {path}; run: chmod 600 {path}"
            raise Misconfigured(message)
        return cls._parsed(path, path.read_text(encoding="utf-8", errors="replace"))

    @classmethod
    def _parsed(cls, path: Path, text: str) -> Self:
        lines = [line.split() for line in text.splitlines() if line and not line.startswith("#")]
        try:
            keys = [(name, base64.b64decode(value, validate=True)) for name, value in lines]
        except (ValueError, binascii.Error):
            keys = []
        roots = [key for name, key in keys if name == "root"]
        wrapping = {_fingerprint(key): key for name, key in keys if name == "wrap"}
        if len(roots) != 1 or not wrapping or any(len(key) != _KEY_BYTES for _, key in keys):
            message = f"the key file {path} is damaged: it needs one root line and a wrap line"
            raise Misconfigured(message)
        return cls(path, roots[0], wrapping)

    def check(self, database: Engine) -> None:
        """See that every data key of this database can be unwrapped.

        Raises:
            Misconfigured: it was sealed with keys that this file does not hold.
        """
        with reading(database) as connection:
            rows = Sql(connection).rows("SELECT DISTINCT wrapped_with FROM data_keys")
        for (name,) in rows:
            self._key(name)

    def derive(self, purpose: str, *parts: str) -> bytes:
        """Return the secret of this purpose and these parts: always the same one."""
        return hmac.digest(self.root, _joined(purpose, *parts), "sha256")

    def blind(self, kind: str, value: str) -> str:
        """Return the index under which a value can be found again without being kept."""
        return hmac.new(self.derive("blind", kind), value.encode(), "sha256").hexdigest()

    def wrap(self, owner: str, data_key: bytes) -> tuple[str, bytes]:
        """Wrap a data key with the newest key; returns that key's name and the wrapped key."""
        name, key = list(self.wrapping.items())[-1]
        return name, _encrypt(key, data_key, _joined("data-key", owner, name))

    def unwrap(self, owner: str, name: str, wrapped: bytes) -> bytes:
        """Unwrap a data key.

        Raises:
            Misconfigured: the file does not hold the key it was wrapped with.
        """
        return _decrypt(self._key(name), wrapped, _joined("data-key", owner, name))

    def _key(self, name: str) -> bytes:
        key = self.wrapping.get(name)
        if key is None:
            message = (
                f"the key file {self.path} does not hold the key {name} this data is sealed with: "
                "put back the file that does"
            )
            raise Misconfigured(message)
        return key


@dataclass(frozen=True, slots=True)
class DataKey:
    """The data key of one owner, wrapped; `wrapped_with` names the line of the key file."""

    owner_ref: UUID
    wrapped_with: str
    wrapped: bytes
    version: int = 0


def data_keys(metadata: MetaData) -> Aggregate[DataKey]:
    """Declare the table of data keys in a service's database."""
    table = Table(
        "data_keys",
        metadata,
        Column("owner_ref", Ref, primary_key=True),
        Column("wrapped_with", Code, nullable=False),
        Column("wrapped", LargeBinary, nullable=False),
        Column("version", Integer, nullable=False),
    )
    return Aggregate("data-key", table, DataKey, "owner_ref")


class Keeps(Protocol):
    """The part of a unit of work that the vault stands on."""

    def find(self, aggregate: Aggregate[T], key: UUID) -> T | None: ...

    def save(self, aggregate: Aggregate[T], state: T) -> T: ...


class Vault:
    """Seals and opens texts within one unit of work.

    What is sealed for one owner, field and record opens for no other: a row copied over another
    one is noticed.
    """

    def __init__(self, work: Keeps, keys: KeyFile, table: Aggregate[DataKey]) -> None:
        self._work = work
        self._keys = keys
        self._table = table
        self._opened: dict[UUID, bytes] = {}

    def seal(self, owner: UUID, field_name: str, record: UUID, text: str) -> str:
        """Encrypt a text for a Text column; the owner's data key is made at its first text."""
        data_key = self._data_key(owner) or self._new_data_key(owner)
        bound = _joined(_SCHEME, str(owner), field_name, str(record))
        sealed = _encrypt(data_key, text.encode(), bound)
        return f"{_SCHEME}.{base64.urlsafe_b64encode(sealed).decode()}"

    def open(self, owner: UUID, field_name: str, record: UUID, sealed: str) -> str:
        """Decrypt what `seal` made.

        Raises:
            Unreadable: it was sealed for something else, was altered, or its key is no more.
        """
        data_key = self._data_key(owner)
        scheme, _, text = sealed.partition(".")
        if data_key is None or scheme != _SCHEME:
            message = "the text was sealed with a key that is no longer here"
            raise Unreadable(message)
        bound = _joined(_SCHEME, str(owner), field_name, str(record))
        return _decrypt(data_key, base64.urlsafe_b64decode(text), bound).decode()

    def _data_key(self, owner: UUID) -> bytes | None:
        if owner not in self._opened:
            row = self._work.find(self._table, owner)
            if row is None:
                return None
            self._opened[owner] = self._keys.unwrap(str(owner), row.wrapped_with, row.wrapped)
        return self._opened[owner]

    def _new_data_key(self, owner: UUID) -> bytes:
        data_key = secrets.token_bytes(_KEY_BYTES)
        wrapped_with, wrapped = self._keys.wrap(str(owner), data_key)
        self._work.save(self._table, DataKey(owner, wrapped_with, wrapped))
        self._opened[owner] = data_key
        return data_key


def _make(path: Path) -> None:
    """Write new keys; of two processes that start at once, one wins and both read its file."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    root, wrap = (base64.b64encode(secrets.token_bytes(_KEY_BYTES)).decode() for _ in range(2))
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(f"{_FIRST_LINE}\nroot {root}\nwrap {wrap}\n")
        file.flush()
        os.fsync(file.fileno())
    with contextlib.suppress(FileExistsError):
        path.hardlink_to(draft)
    draft.unlink()
    _fsync_folder(path.parent)


def _fsync_folder(folder: Path) -> None:
    # A key file that a power cut takes away again would take every name with it.
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _fingerprint(key: bytes) -> str:
    return hashlib.sha256(b"alongside wrap key" + key).hexdigest()[:16]


def _joined(*parts: str) -> bytes:
    texts = [part.encode() for part in parts]
    return b"".join(len(text).to_bytes(4, "big") + text for text in texts)


def _encrypt(key: bytes, plain: bytes, bound: bytes) -> bytes:
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plain, bound)


def _decrypt(key: bytes, sealed: bytes, bound: bytes) -> bytes:
    try:
        return AESGCM(key).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], bound)
    except InvalidTag as error:
        message = "the text does not belong here, or was altered"
        raise Unreadable(message) from error
