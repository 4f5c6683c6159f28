"""Within v1 a contract only grows: what was released goes on to hold, or the build stops."""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from services.launcher.schemas import __main__ as command
from services.launcher.schemas.compatibility import breaks
from services.launcher.schemas.files import RELEASED, documents, incompatibilities, write

SCHEMAS = Path(__file__).parents[2] / "schemas"
OFFER = "offer.made.v1"

Shapes = dict[str, Any]
Change = Callable[[Shapes], object]


@pytest.fixture(scope="module")
def made() -> dict[str, str]:
    return documents({})


@pytest.fixture
def released(made: dict[str, str]) -> Shapes:
    shapes: Shapes = json.loads(made[RELEASED])
    return shapes


def fields(shapes: Shapes) -> Shapes:
    of_the_offer: Shapes = shapes[OFFER]["fields"]
    return of_the_offer


def test_the_models_break_nothing_that_was_released(made: dict[str, str]) -> None:
    assert (SCHEMAS / RELEASED).is_file()
    assert incompatibilities(SCHEMAS, made) == []


def optional_flag(shapes: Shapes) -> None:
    fields(shapes)["carried_over"] = {"type": "boolean", "nullable": True, "required": False}


GROWTH: dict[str, Change] = {
    "a new optional field": optional_flag,
    "a new event": lambda shapes: shapes.update({"offer.carried-over.v1": shapes[OFFER]}),
    "a new code of an extensible list": lambda shapes: fields(shapes)["explained_by"][
        "codes"
    ].append("youth-worker"),
    "a lower floor": lambda shapes: fields(shapes)["version"].update(minimum=0),
    "no floor at all": lambda shapes: fields(shapes)["rung"].pop("minimum"),
    "a higher ceiling": lambda shapes: shapes["conference.held.v1"]["fields"]["age_years"].update(
        maximum=30
    ),
}

BREAKS: dict[str, tuple[Change, str]] = {
    "an event gone": (
        lambda shapes: shapes.pop(OFFER),
        "offer.made.v1: was released, so it may not go.",
    ),
    "a field gone": (
        lambda shapes: fields(shapes).pop("tell_by"),
        "offer.made.v1.tell_by: was released, so it may not go.",
    ),
    "a new required field": (
        lambda shapes: fields(shapes).update(urgent={"type": "boolean", "required": True}),
        "offer.made.v1.urgent: a new field must be optional.",
    ),
    "an optional field required": (
        lambda shapes: fields(shapes)["tell_by"].update(required=True),
        "offer.made.v1.tell_by: `required` was False and may not become True.",
    ),
    "a required field optional": (
        lambda shapes: fields(shapes)["rung"].update(required=False),
        "offer.made.v1.rung: `required` was True and may not become False.",
    ),
    "another type": (
        lambda shapes: fields(shapes)["rung"].update(type="string"),
        "offer.made.v1.rung: `type` was integer and may not become string.",
    ),
    "another pattern": (
        lambda shapes: fields(shapes)["authority"].update(pattern="^[A-Z]+$"),
        "offer.made.v1.authority: `pattern` was ^[EWSN][0-9]{8}$ and may not become ^[A-Z]+$.",
    ),
    "a code gone": (
        lambda shapes: fields(shapes)["explained_by"]["codes"].remove("carer"),
        "offer.made.v1.explained_by: the code carer was released, so it may not go.",
    ),
    "a new code of a closed list": (
        lambda shapes: fields(shapes)["status"]["codes"].append("doubtful"),
        "offer.made.v1.status: the list of codes is closed, so doubtful may not join it.",
    ),
    "an extensible list closed": (
        lambda shapes: fields(shapes)["explained_by"].update(extensible=False),
        "offer.made.v1.explained_by: `extensible` was True and may not become False.",
    ),
    "a higher floor": (
        lambda shapes: fields(shapes)["rung"].update(minimum=1),
        "offer.made.v1.rung: `minimum` may only become wider than 0.",
    ),
    "a ceiling where none was": (
        lambda shapes: fields(shapes)["rung"].update(maximum=9),
        "offer.made.v1.rung: `maximum` may only become wider than None.",
    ),
    "another key": (
        lambda shapes: shapes[OFFER].update(key="meeting_ref"),
        "offer.made.v1: `key` was child_ref and may not become meeting_ref.",
    ),
    "another topic": (
        lambda shapes: shapes[OFFER].update(topic="exchange.v1"),
        "offer.made.v1: `topic` was referral.v1 and may not become exchange.v1.",
    ),
    "a code gone within a list": (
        lambda shapes: shapes["advocate.changed.v1"]["fields"]["skills"]["items"]["codes"].remove(
            "bsl"
        ),
        "advocate.changed.v1.skills[]: the code bsl was released, so it may not go.",
    ),
    "a field of a group gone": (
        lambda shapes: shapes["conference.held.v1"]["fields"]["participation"]["fields"].pop(
            "voice"
        ),
        "conference.held.v1.participation.voice: was released, so it may not go.",
    ),
}


@pytest.mark.parametrize("change", GROWTH.values(), ids=GROWTH.keys())
def test_growth_breaks_nothing(released: Shapes, change: Change) -> None:
    later = copy.deepcopy(released)
    change(later)
    assert later != released
    assert breaks(released, later) == []


@pytest.mark.parametrize(("change", "sentence"), BREAKS.values(), ids=BREAKS.keys())
def test_what_would_break_a_consumer_is_refused_in_a_sentence(
    released: Shapes, change: Change, sentence: str
) -> None:
    later = copy.deepcopy(released)
    change(later)
    assert breaks(released, later) == [sentence]


def test_the_generator_writes_nothing_that_would_break_a_consumer(
    tmp_path: Path, made: dict[str, str], released: Shapes
) -> None:
    fields(released)["now_gone"] = {"type": "boolean", "required": False}
    write(tmp_path, {**made, RELEASED: json.dumps(released)})
    before = {path: path.read_bytes() for path in tmp_path.rglob("*.json")}
    runner = CliRunner()
    answer = runner.invoke(command.APP, ["--into", str(tmp_path)])
    assert answer.exit_code == 1
    assert answer.stderr == "offer.made.v1.now_gone: was released, so it may not go.\n"
    assert {path: path.read_bytes() for path in tmp_path.rglob("*.json")} == before


def test_a_check_names_what_differs_and_writes_nothing(tmp_path: Path) -> None:
    runner = CliRunner()
    assert runner.invoke(command.APP, ["--into", str(tmp_path)]).exit_code == 0
    assert runner.invoke(command.APP, ["--check", "--into", str(tmp_path)]).exit_code == 0
    changed = tmp_path / "topics.yaml"
    changed.write_text("topics: {}\n", encoding="utf-8")
    answer = runner.invoke(command.APP, ["--check", "--into", str(tmp_path)])
    assert (answer.exit_code, answer.stdout) == (1, "differs: topics.yaml\n")
    assert changed.read_text(encoding="utf-8") == "topics: {}\n"
