"""`schemas/` is what the models say, and everything it ever showed as an example can be read."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator, FormatChecker

from services.contracts.catalogue import EVENTS, TOPICS, EventType
from services.launcher.schemas.files import differences, documents, write
from services.launcher.schemas.topics import readers

SCHEMAS = Path(__file__).parents[2] / "schemas"
EXAMPLES = sorted(SCHEMAS.glob("examples/*/*.json"))
EACH_EVENT = pytest.mark.parametrize("event", EVENTS.values(), ids=EVENTS.keys())


def event_of(example: Path) -> EventType:
    return EVENTS[example.parent.name.removesuffix(".v1")]


def content(path: str) -> Any:
    return yaml.safe_load((SCHEMAS / path).read_text(encoding="utf-8"))


def test_the_committed_files_are_what_make_schemas_would_write() -> None:
    assert differences(SCHEMAS, documents(readers())) == []


def test_writing_twice_writes_nothing_the_second_time(tmp_path: Path) -> None:
    made = documents({})
    assert sorted(write(tmp_path, made)) == sorted(made)
    assert write(tmp_path, made) == []
    assert differences(tmp_path, made) == []


def test_a_file_nobody_writes_any_more_is_a_difference(tmp_path: Path) -> None:
    made = documents({})
    write(tmp_path, made)
    (tmp_path / "events" / "offer.imagined.v1.schema.json").write_text("{}", encoding="utf-8")
    assert differences(tmp_path, made) == ["events/offer.imagined.v1.schema.json"]


def test_an_example_that_changes_is_kept_beside_the_new_one(tmp_path: Path) -> None:
    made = documents({})
    write(tmp_path, made)
    path = "examples/offer.made.v1/fullest.json"
    write(tmp_path, {**made, path: "{}\n"})
    [earlier] = (tmp_path / path).parent.glob("earlier-*.json")
    assert earlier.read_text(encoding="utf-8") == made[path]
    assert (tmp_path / path).read_text(encoding="utf-8") == "{}\n"


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda one: f"{one.parent.name}/{one.stem}")
def test_every_example_ever_committed_is_read(example: Path) -> None:
    read = event_of(example).model.model_validate_json(example.read_bytes(), extra="ignore")
    assert read.version >= 1


@EACH_EVENT
def test_both_examples_keep_schema_and_model(event: EventType) -> None:
    schema = content(f"events/{event.name}.v1.schema.json")
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema, format_checker=FormatChecker())
    for name in ("fullest", "smallest"):
        shown = content(f"examples/{event.name}.v1/{name}.json")
        validator.validate(shown)
        read = event.model.model_validate_json(json.dumps(shown))
        assert read.model_dump(mode="json", exclude_unset=True) == shown


@EACH_EVENT
def test_the_smallest_example_is_only_what_is_required(event: EventType) -> None:
    schema = content(f"events/{event.name}.v1.schema.json")
    assert set(content(f"examples/{event.name}.v1/smallest.json")) == set(schema["required"])


@EACH_EVENT
def test_the_two_examples_differ(event: EventType) -> None:
    fullest, smallest = (
        content(f"examples/{event.name}.v1/{name}.json") for name in ("fullest", "smallest")
    )
    assert fullest != smallest


@pytest.mark.parametrize("entity", sorted({event.entity for event in EVENTS.values()}))
def test_every_field_is_shown_in_some_example_of_its_entity(entity: str) -> None:
    shown: set[str] = set()
    known: set[str] = set()
    for event in EVENTS.values():
        if event.entity == entity:
            shown |= set(content(f"examples/{event.name}.v1/fullest.json"))
            known |= set(event.model.model_fields)
    assert shown == known


@EACH_EVENT
def test_a_schema_lets_consumers_meet_a_later_revision(event: EventType) -> None:
    validator = Draft202012Validator(content(f"events/{event.name}.v1.schema.json"))
    shown = content(f"examples/{event.name}.v1/fullest.json")
    validator.validate({**shown, "of_a_later_revision": 1})


@EACH_EVENT
def test_a_schema_refuses_what_breaks_the_contract(event: EventType) -> None:
    validator = Draft202012Validator(content(f"events/{event.name}.v1.schema.json"))
    shown = content(f"examples/{event.name}.v1/fullest.json")
    assert not validator.is_valid({**shown, "version": 0})
    assert not validator.is_valid({name: shown[name] for name in shown if name != event.key})


def test_topics_lists_every_event_once_under_its_topic() -> None:
    topics = content("topics.yaml")["topics"]
    assert set(topics) == set(TOPICS)
    listed = {name: topic for topic, about in topics.items() for name in about["events"]}
    assert listed == {name: event.topic for name, event in EVENTS.items()}
    assert all(
        (SCHEMAS / one["schema"]).is_file()
        for it in topics.values()
        for one in it["events"].values()
    )


def references(value: object) -> list[str]:
    if isinstance(value, dict):
        inner = [ref for one in value.values() for ref in references(one)]
        return [*inner, value["$ref"]] if isinstance(value.get("$ref"), str) else inner
    return [ref for one in value for ref in references(one)] if isinstance(value, list) else []


def test_every_reference_of_the_asyncapi_document_leads_somewhere() -> None:
    document = content("asyncapi.yaml")
    found = references(document)
    assert len(found) > len(EVENTS)
    for reference in found:
        file, _, pointer = reference.partition("#")
        here = document if not file else content(file.removeprefix("./"))
        for part in pointer.split("/")[1:]:
            here = here[part]
        assert here


def test_the_asyncapi_document_has_a_channel_a_topic_and_a_message_an_event() -> None:
    document = content("asyncapi.yaml")
    assert document["asyncapi"].startswith("3.")
    addresses = {channel["address"] for channel in document["channels"].values()}
    assert addresses == {f"{{prefix}}.{topic}" for topic in TOPICS}
    messages = {message["name"] for message in document["components"]["messages"].values()}
    assert messages == {event.ce_type for event in EVENTS.values()}
    assert {one["action"] for one in document["operations"].values()} <= {"send", "receive"}
    assert {
        channel["bindings"]["kafka"]["partitions"] for channel in document["channels"].values()
    } == {topic.partitions for topic in TOPICS.values()}
