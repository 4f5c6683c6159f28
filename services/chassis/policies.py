"""Reads the rules of places from their files, and refuses what no place may decide for itself.

A mistake in a policy file would be a mistake about children, so nothing is guessed: every finding
is a sentence that names the file and the key, and the installation does not start.
"""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from pydantic import TypeAdapter, ValidationError

from services.chassis.errors import Misconfigured, Refused
from services.chassis.policy_checks import findings
from services.chassis.working_days import NationCalendar
from services.contracts.policy import Policy

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from pydantic_core import ErrorDetails

    from services.contracts.policy import WorkingCalendar

_ALL_OF_ENGLAND: Final = "*E"
_POLICY: Final = TypeAdapter(Policy)


class UnknownPolicy(Refused):
    """The policy asked for is not there; the work can be retried when it is."""

    def __init__(self, detail: str) -> None:
        super().__init__("policy-unknown", detail)


@dataclass(frozen=True, slots=True)
class _Loaded:
    """A policy and the name of the file it came from."""

    file: str
    policy: Policy


@dataclass(frozen=True, slots=True)
class Policies:
    """The rules of all places, each for its period."""

    policies: tuple[Policy, ...]
    _periods: Mapping[str, tuple[Policy, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        periods: dict[str, tuple[Policy, ...]] = {}
        for policy in self.policies:
            for authority in policy.authorities:
                periods[authority] = (*periods.get(authority, ()), policy)
        object.__setattr__(self, "_periods", periods)

    @classmethod
    def load(cls, folder: Path) -> Policies:
        """Read every `*.toml` of the folder.

        Raises:
            Misconfigured: one sentence a finding, each naming file and key.
        """
        if not folder.is_dir():
            raise Misconfigured(f"ALONGSIDE_POLICIES: {folder} is not a folder.")
        loaded, sentences = _read_all(folder)
        sentences.extend(_findings_together(loaded))
        if sentences:
            raise Misconfigured("\n".join(sentences))
        return cls(tuple(one.policy for one in loaded))

    def for_(self, authority: str, on: date) -> Policy:
        """Return the policy of the authority on that day: its own, else that of its nation.

        Raises:
            UnknownPolicy: there is neither.
        """
        for name in (authority, f"*{authority[:1]}"):
            for policy in self._periods.get(name, ()):
                if policy.effective_from <= on <= _last_day(policy, on):
                    return policy
        raise UnknownPolicy(f"no policy covers authority {authority} on {on.isoformat()}")

    def named(self, reference: str) -> Policy:
        """Return the policy an event names, `<id>@<first day>`.

        Raises:
            UnknownPolicy: there is none of that name.
        """
        for policy in self.policies:
            if policy.reference == reference:
                return policy
        raise UnknownPolicy(f"no policy is named {reference}")

    def calendar(self, policy: Policy) -> WorkingCalendar:
        """Return the working days the policy counts by."""
        return NationCalendar(policy.nation, frozenset(policy.closures))


def _last_day(policy: Policy, otherwise: date) -> date:
    return otherwise if policy.effective_until is None else policy.effective_until


def _read_all(folder: Path) -> tuple[list[_Loaded], list[str]]:
    """Read what can be read, and say in sentences what cannot or may not be so."""
    loaded: list[_Loaded] = []
    sentences: list[str] = []
    for path in sorted(folder.glob("*.toml")):
        try:
            policy = _read(path)
        except ValidationError as error:
            sentences.extend(_as_sentence(path.name, detail) for detail in error.errors())
        except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            sentences.append(f"{path.name}: is not valid TOML: {error}.")
        else:
            loaded.append(_Loaded(path.name, policy))
            sentences.extend(f"{path.name}: `{key}` {what}." for key, what in findings(policy))
    return loaded, sentences


def _read(path: Path) -> Policy:
    content = tomllib.loads(path.read_text(encoding="utf-8"))
    # By way of JSON, because strict reading takes codes and dates as text only from there;
    # anything laxer would read `true` as 1 and "5" as 5.
    return _POLICY.validate_json(json.dumps(content, default=str), strict=True, extra="forbid")


_PLAINLY: Final = {
    "missing": "is missing",
    "unexpected_keyword_argument": "is not a key of a policy",
}


def _as_sentence(file: str, detail: ErrorDetails) -> str:
    key = ".".join(str(part) for part in detail["loc"])
    said = detail["msg"].removeprefix("Input ")
    return f"{file}: `{key}` {_PLAINLY.get(detail['type'], said)}."


def _findings_together(loaded: Sequence[_Loaded]) -> Iterator[str]:
    yield from _missing_default(loaded)
    yield from _same_reference(loaded)
    yield from _overlaps(loaded)


def _missing_default(loaded: Sequence[_Loaded]) -> Iterator[str]:
    if not any(
        _ALL_OF_ENGLAND in one.policy.authorities and one.policy.effective_until is None
        for one in loaded
    ):
        yield (
            f'ALONGSIDE_POLICIES: no file has "{_ALL_OF_ENGLAND}" in `authorities` without an '
            "`effective_until`, so some authority in England would have no policy."
        )


def _same_reference(loaded: Sequence[_Loaded]) -> Iterator[str]:
    for one, other in pairwise(sorted(loaded, key=lambda each: each.policy.reference)):
        if one.policy.reference == other.policy.reference:
            yield f"{other.file}: `id` and `effective_from` are those of {one.file} too."


def _overlaps(loaded: Sequence[_Loaded]) -> Iterator[str]:
    for authority in sorted({name for one in loaded for name in one.policy.authorities}):
        own = [one for one in loaded if authority in one.policy.authorities]
        for one, other in pairwise(sorted(own, key=lambda each: each.policy.effective_from)):
            begins = other.policy.effective_from
            if begins <= _last_day(one.policy, begins):
                yield (
                    f"{other.file}: `effective_from` falls into the period {one.file} has for "
                    f"{authority}."
                )
