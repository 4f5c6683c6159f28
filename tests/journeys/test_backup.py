"""A copy of everything at one moment, and the way back to it: what a small charity lives by."""

from __future__ import annotations

import csv
import json
import sqlite3
import threading
from contextlib import closing
from datetime import timedelta
from random import Random
from shutil import which
from typing import TYPE_CHECKING, Any, Self

import pytest
from typer.testing import CliRunner

from services.chassis.database import open_database, writing
from services.chassis.errors import BusUnavailable, Misconfigured, Refused
from services.chassis.migrations import migrate
from services.exchange.handlers import holding
from services.exchange.storage import queries
from services.launcher import backup, standing
from services.launcher import restore as restore_module
from services.launcher.__main__ import APP
from services.launcher.backup import back_up, copy_in
from services.launcher.broker_choice import BrokerChoice
from services.launcher.restore import _MARK, restore
from services.launcher.run_file import RunFile
from services.launcher.settings import LauncherSettings
from services.launcher.supervisor import Supervisor
from services.launcher.system import build_all
from tests.component.exchange.story import a_child, a_meeting, post
from tests.component.exchange.test_feed import agree, key_for, on_topic, pull
from tests.harness import World
from tests.invariants import look
from tests.people import People

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from services.chassis.bus import Bus

LUCK = 20_110_913


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest) -> str | None:
    if request.param == "sqlite":
        return None
    found: str = request.getfixturevalue("empty_postgres_url")
    return found


class Place:
    """One installation, now in this world and now in another: databases and keys stay."""

    def __init__(self, data: Path, database_url: str | None = None) -> None:
        self.data = data
        self.database_url = database_url
        self.luck = Random(LUCK)  # noqa: S311 -- the same acts each time
        for service in build_all(self.settings):
            migrate(service)
        self.world = World(data, database_url=database_url)
        self.people = People(self.world, families=6)
        self.people.settle_in()

    def lives(self, acts: int) -> None:
        for _ in range(acts):
            self.people.act(self.luck)
            self.world.settle()

    def ends(self) -> None:
        self.now = self.world.now
        self.world.close()

    def begins(self) -> None:
        self.world = World(self.data, now=self.now, database_url=self.database_url)
        self.people.place = self.world

    @property
    def settings(self) -> LauncherSettings:
        return settings_of(self.data, self.database_url)

    def wrong(self) -> list[str]:
        desks = {name: runner.desk for name, runner in self.world.runners.items()}
        return look(desks, self.world.bus).wrong

    def sent(self) -> int:
        return len(list((self.data / "messages").glob("*.eml")))


def settings_of(data: Path, database_url: str | None = None) -> LauncherSettings:
    keys = data.parent / f"{data.name}-keys"
    given: dict[str, Any] = {"database_url": database_url} if database_url else {}
    return LauncherSettings(data=data, keys=keys, broker="embedded", clock="driven", **given)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path / "data")


# --- there and back ---


@pytest.mark.timeout(300)
def test_after_a_restore_all_is_as_it_was_and_what_came_later_is_listed(
    tmp_path: Path, database_url: str | None
) -> None:
    place = Place(tmp_path / "data", database_url)
    place.lives(25)
    then = {event.id for event in place.world.events()}
    copy = back_up(place.settings, tmp_path / "copy")
    place.lives(25)
    later = {event.id for event in place.world.events()} - then
    assert later
    place.ends()

    found = restore(place.settings, copy.folder)

    assert found.listed is not None
    with found.listed.open() as lines:
        assert {line["id"] for line in csv.DictReader(lines)} == later
    place.begins()
    place.world.settle()
    assert {event.id for event in place.world.events()} >= then
    assert place.wrong() == []
    place.lives(10)
    assert place.wrong() == []


def test_nobody_is_written_to_after_a_restore_until_a_person_has_looked(place: Place) -> None:
    place.lives(30)
    copy = back_up(place.settings, place.data.with_name("copy"))
    place.lives(30)
    place.ends()
    sent = place.sent()
    assert sent
    restore(place.settings, copy.folder)
    place.begins()
    place.lives(30)
    place.world.advance(place.world.now + timedelta(days=9))
    assert place.sent() == sent

    exchange = place.world.desk("exchange")
    first, *others = exchange.read(queries.waiting)
    assert others
    exchange.run(lambda work: holding.drop(work, [first.message_ref]))
    assert exchange.run(holding.release) == len(others)
    place.world.settle()
    place.world.advance(place.world.now + timedelta(days=1))
    assert place.sent() > sent
    assert str(first.message_ref) in {
        str(event.data.message_ref) for event in place.world.events("message.unknown")
    }
    assert place.wrong() == []


def test_a_copy_starts_a_new_installation_where_everything_else_was_lost(place: Place) -> None:
    place.lives(25)
    then = [event.id for event in place.world.events()]
    copy = back_up(place.settings, place.data.with_name("copy"))
    place.ends()
    elsewhere = place.data.with_name("elsewhere")
    place.data.with_name("data-keys").rename(place.data.with_name("elsewhere-keys"))

    found = restore(settings_of(elsewhere), copy.folder)

    assert (found.replaced, found.listed) == (None, None)
    place.data = elsewhere
    place.begins()
    place.world.settle()
    assert place.wrong() == []
    assert sorted(event.id for event in place.world.events()) == sorted(then)


def ids_in(*lists: Path) -> set[str]:
    found: set[str] = set()
    for listed in lists:
        with listed.open() as lines:
            found |= {line["id"] for line in csv.DictReader(lines)}
    return found


def lists_of(place: Place) -> list[Path]:
    return list(place.data.glob("said-after-*.csv"))


def test_each_restore_of_one_copy_keeps_a_list_of_its_own(place: Place) -> None:
    place.world.settle()
    copy = back_up(place.settings, place.data.with_name("copy"))
    later: list[set[str]] = []
    for number in range(2):
        then = {event.id for event in place.world.events()}
        post(place.world, conference_id=f"LATER{number}")
        later.append({event.id for event in place.world.events()} - then)
        place.ends()
        found = restore(place.settings, copy.folder)
        assert found.listed is not None
        assert later[-1] <= ids_in(found.listed)
        place.begins()
        place.world.settle()
    assert len(lists_of(place)) == 2
    assert later[0] | later[1] <= ids_in(*lists_of(place))


def test_what_a_restore_that_is_broken_off_had_found_is_in_the_list_of_the_next(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.world.settle()
    copy = back_up(place.settings, place.data.with_name("copy"))
    then = {event.id for event in place.world.events()}
    place.lives(10)
    later = {event.id for event in place.world.events()} - then
    place.ends()

    def ends_half_way(bus: Bus, names: Iterable[str]) -> None:
        forget(bus, sorted(names)[:3])
        raise BusUnavailable("the broker was ended")

    forget = restore_module._forget_topics
    with monkeypatch.context() as broken:
        broken.setattr(restore_module, "_forget_topics", ends_half_way)
        with pytest.raises(BusUnavailable):
            restore(place.settings, copy.folder)

    found = restore(place.settings, copy.folder)
    assert found.listed is not None
    assert later == ids_in(found.listed)
    assert lists_of(place) == [found.listed]


def test_what_was_accepted_and_is_on_no_bus_yet_is_listed_too(
    tmp_path: Path, database_url: str | None
) -> None:
    place = Place(tmp_path / "data", database_url)
    copy = back_up(place.settings, tmp_path / "copy")
    answer = place.world.client.post("/v1/conferences", json=a_meeting(conference_id="UNSENT"))
    place.ends()
    found = restore(place.settings, copy.folder)
    assert found.listed is not None
    assert answer.json()["meeting_ref"] in found.listed.read_text()
    assert found.later["conference.scheduled"] == 1


def test_a_database_that_is_beyond_reading_is_replaced_all_the_same(place: Place) -> None:
    place.lives(5)
    copy = back_up(place.settings, place.data.with_name("copy"))
    place.ends()
    for name in ("exchange", "feedback"):
        (place.data / f"{name}.sqlite3").write_bytes(b"what a broken disk left")
        for part in ("-wal", "-shm"):
            (place.data / f"{name}.sqlite3{part}").unlink(missing_ok=True)
    assert restore(place.settings, copy.folder).replaced is not None
    place.begins()
    place.world.settle()
    assert place.wrong() == []


# --- agencies ---


def news_to(world: World, key: str, cursor: int) -> dict[str, Any]:
    return pull(world, key, cursor=cursor, size=200)


def test_an_agency_misses_nothing_that_is_new_after_a_restore(place: Place) -> None:
    agree(place.world)
    key = key_for(place.world)
    post(place.world, conference_id="KEPT")
    copy = back_up(place.settings, place.data.with_name("copy"))
    for _ in range(2):
        # Each time it is told more than will be new to it after the next restore.
        for number in range(3):
            lost = a_child(la_child_id=f"L{number}", given_name=f"Lost {number}")
            post(place.world, conference_id=f"LOST{number}", children=[lost])
        told = news_to(place.world, key, 0)
        seen = {item["subject"]: int(item["sequence"]) for item in told["items"]}
        place.ends()
        restore(place.settings, copy.folder)
        place.begins()
        place.world.settle()

        child = a_child(la_child_id="N1", given_name="New")
        post(place.world, conference_id="NEW", children=[child])
        news = news_to(place.world, key, told["next"])
        assert any(item["type"].endswith("offer.made.v1") for item in news["items"])
        assert all(int(item["sequence"]) > seen.get(item["subject"], 0) for item in news["items"])


def test_what_an_agency_was_told_that_is_forgotten_lies_on_its_topic_no_more(place: Place) -> None:
    copy = back_up(place.settings, place.data.with_name("copy"))
    agree(place.world)
    post(place.world, conference_id="LOST")
    assert on_topic(place.world)
    place.ends()
    restore(place.settings, copy.folder)
    place.begins()
    place.world.settle()
    assert on_topic(place.world) == []


class Busy:
    """People who work in a thread of their own until they are told to rest."""

    def __init__(self, place: Place) -> None:
        self.acted = threading.Event()
        self._rest = threading.Event()
        self._failed: list[BaseException] = []
        self._place = place
        self._thread = threading.Thread(target=self._work)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._rest.set()
        self._thread.join()
        assert self._failed == []

    def _work(self) -> None:
        try:
            while not self._rest.is_set():
                self._place.lives(1)
                self.acted.set()
        except BaseException as error:
            self._failed.append(error)
            raise


@pytest.mark.timeout(300)
def test_copies_that_are_taken_while_people_work_can_all_be_gone_back_to(tmp_path: Path) -> None:
    place = Place(tmp_path / "data")
    place.lives(5)
    with Busy(place) as people:
        copies = []
        for number in range(4):
            people.acted.clear()
            people.acted.wait()
            copies.append(back_up(place.settings, tmp_path / f"copy-{number}"))
    place.ends()
    assert len({sum(copy.said.values()) for copy in copies}) > 1
    for copy in copies:
        restore(place.settings, copy.folder)
        place.begins()
        place.world.settle()
        assert place.wrong() == []
        place.world.close()


@pytest.mark.timeout(300)
def test_nobody_says_or_hears_anything_between_the_first_database_and_the_last(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.lives(10)
    begun = backup._begun
    with Busy(place) as people:

        def begun_while_people_work(source: sqlite3.Connection) -> int:
            said = begun(source)
            people.acted.clear()
            people.acted.wait(0.5)
            return said

        monkeypatch.setattr(backup, "_begun", begun_while_people_work)
        copy = back_up(place.settings, place.data.with_name("copy"))
    assert ahead(copy.folder) == []


def test_a_copy_is_one_file_for_each_database_and_says_what_it_is(place: Place) -> None:
    copy = back_up(place.settings, place.data.with_name("copy"))
    assert sorted(path.name for path in copy.folder.iterdir()) == [
        "about.json",
        "clock.sqlite3",
        "exchange.sqlite3",
        "feedback.sqlite3",
        "installation",
        "referral.sqlite3",
        "reporting.sqlite3",
        "scheduling.sqlite3",
    ]
    assert copy_in(copy.folder) == copy


def ahead(folder: Path) -> list[str]:
    """Say who has heard in a copy what its service has not said in it."""
    said: dict[tuple[str, str], int] = {}
    heard: list[tuple[str, str, str, int]] = []
    for file in folder.glob("*.sqlite3"):
        if file.stem == "clock":
            continue
        with closing(sqlite3.connect(file)) as database:
            for topic, key, sequence in database.execute("SELECT topic, key, sequence FROM outbox"):
                said[topic, key] = max(sequence, said.get((topic, key), 0))
            heard += [
                (file.stem, topic, key, sequence)
                for topic, key, sequence in database.execute(
                    "SELECT topic, key, sequence FROM key_states"
                )
            ]
    return [
        f"{service} has heard {sequence} of {topic}"
        for service, topic, key, sequence in heard
        if sequence > said.get((topic, key), 0)
    ]


# --- what is refused ---


def test_a_folder_that_holds_something_is_no_place_for_a_copy(place: Place) -> None:
    into = place.data.with_name("full")
    into.mkdir()
    (into / "letter.txt").touch()
    with pytest.raises(Misconfigured, match="holds something already"):
        back_up(place.settings, into)
    assert [path.name for path in into.iterdir()] == ["letter.txt"]


def test_a_copy_without_room_leaves_nothing_behind(place: Place, tmp_path: Path) -> None:
    (place.data / "feedback.sqlite3").rename(place.data / "gone")
    (tmp_path / "copies").mkdir()
    with pytest.raises(Misconfigured, match=r"feedback\.sqlite3 is missing"):
        back_up(place.settings, tmp_path / "copies" / "copy")
    assert list((tmp_path / "copies").iterdir()) == []


def test_no_copy_is_made_where_a_disk_is_not_there(place: Place, tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="is that disk there"):
        back_up(place.settings, tmp_path / "not-mounted" / "copy")
    assert not (tmp_path / "not-mounted").exists()


def test_nobody_is_asked_about_a_restore_that_cannot_be(place: Place, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    said = CliRunner().invoke(
        APP, ["restore", str(tmp_path / "empty"), "--data", str(place.data)], input="y\n"
    )
    assert said.exit_code == 2
    assert "holds no backup" in said.output
    assert "Go back to" not in said.output


def test_nothing_is_restored_where_it_runs(place: Place) -> None:
    copy = back_up(place.settings, place.data.with_name("copy"))
    running = RunFile(place.data)
    running.claim()
    try:
        with pytest.raises(Misconfigured, match="already runs"):
            restore(place.settings, copy.folder)
    finally:
        running.release()


def test_a_damaged_copy_is_refused_before_anything_is_changed(place: Place) -> None:
    copy = back_up(place.settings, place.data.with_name("copy"))
    place.ends()
    damaged = copy.folder / "referral.sqlite3"
    with damaged.open("r+b") as file:
        file.seek(8192)
        file.write(b"\xff" * 40_000)
    before = (place.data / "referral.sqlite3").read_bytes()
    with pytest.raises(Misconfigured, match=r"referral\.sqlite3 is damaged"):
        restore(place.settings, copy.folder)
    assert (place.data / "referral.sqlite3").read_bytes() == before


@pytest.mark.postgres
def test_a_copy_of_a_release_with_fewer_tables_can_be_gone_back_to(
    tmp_path: Path, empty_postgres_url: str
) -> None:
    place = Place(tmp_path / "data", empty_postgres_url)
    place.lives(3)
    copy = back_up(place.settings, tmp_path / "copy")
    engine = open_database("exchange", place.data, empty_postgres_url)
    with writing(engine) as connection:
        connection.exec_driver_sql("CREATE TABLE of_the_next_release (name text PRIMARY KEY)")
    engine.dispose()
    place.ends()
    restore(place.settings, copy.folder)
    place.begins()
    place.world.settle()
    assert place.wrong() == []


def programs(folder: Path, *, without: str) -> Path:
    """Make a folder of PostgreSQL's programs that lacks one."""
    folder.mkdir()
    for name in {"pg_dump", "pg_restore", "psql"} - {without}:
        (folder / name).symlink_to(str(which(name)))
    return folder


@pytest.mark.postgres
def test_where_the_database_refuses_the_copy_nothing_is_changed(
    tmp_path: Path, empty_postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = Place(tmp_path / "data", empty_postgres_url)
    place.lives(3)
    copy = back_up(place.settings, tmp_path / "copy")
    place.lives(3)
    then = {event.id for event in place.world.events()}
    place.ends()
    for lacking in ("pg_restore", "psql"):
        with monkeypatch.context() as bare:
            bare.setenv("PATH", str(programs(tmp_path / f"no-{lacking}", without=lacking)))
            with pytest.raises(Misconfigured, match=lacking):
                restore(place.settings, copy.folder)
    (copy.folder / backup.DUMP).write_bytes(b"cut off")
    with pytest.raises(Misconfigured, match="pg_restore did not succeed"):
        restore(place.settings, copy.folder)
    assert not (place.data / _MARK).exists()
    place.begins()
    assert {event.id for event in place.world.events()} == then


def test_a_copy_of_another_installation_is_refused(place: Place, tmp_path: Path) -> None:
    copy = back_up(place.settings, tmp_path / "copy")
    other = Place(tmp_path / "other")
    other.ends()
    with pytest.raises(Misconfigured, match="another installation"):
        restore(other.settings, copy.folder)


def test_without_the_keys_of_a_copy_nothing_starts_until_they_are_there(
    place: Place, tmp_path: Path
) -> None:
    place.lives(10)
    copy = back_up(place.settings, tmp_path / "copy")
    place.ends()
    elsewhere = settings_of(tmp_path / "elsewhere")
    with pytest.raises(Misconfigured, match="does not hold the key"):
        restore(elsewhere, copy.folder)
    supervisor = Supervisor(elsewhere, BrokerChoice("embedded", "you asked for it"))
    try:
        with pytest.raises(Misconfigured, match="broken off"):
            supervisor.start()
    finally:
        supervisor.stop()
    for file in (tmp_path / "data-keys").iterdir():
        file.replace(tmp_path / "elsewhere-keys" / file.name)
    restore(elsewhere, copy.folder)
    assert not (elsewhere.data / _MARK).exists()


def test_what_does_not_wait_cannot_be_dropped_and_what_is_not_held_not_released(
    place: Place,
) -> None:
    exchange = place.world.desk("exchange")
    with pytest.raises(Refused, match="nothing is held back"):
        exchange.run(holding.release)
    with pytest.raises(Refused, match="waits to be sent"):
        exchange.run(lambda work: holding.drop(work, [work.new_ref("message")]))


# --- as an operator types it ---


def test_the_commands_say_what_they_did_and_what_comes_next(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALONGSIDE_KEYS", str(place.data.with_name("data-keys")))
    monkeypatch.setenv("ALONGSIDE_BROKER", "embedded")
    monkeypatch.setenv("ALONGSIDE_CLOCK", "driven")
    data, copy = str(place.data), str(place.data.with_name("copy"))
    type_ = CliRunner().invoke
    place.lives(10)
    said = type_(APP, ["backup", copy, "--data", data])
    assert (said.exit_code, "all 5 databases" in said.output) == (0, True), said.output
    place.lives(10)
    place.ends()
    assert type_(APP, ["restore", copy, "--data", data], input="n\n").exit_code == 1
    said = type_(APP, ["restore", copy, "--data", data, "--yes"])
    assert said.exit_code == 0, said.output
    assert "alongside messages release" in said.output
    said = type_(APP, ["status", "--data", data])
    assert "alongside up" in said.output
    with monkeypatch.context() as with_it_up:
        with_it_up.setattr(standing, "next_step", lambda *_, **__: "")
        said = type_(APP, ["status", "--data", data])
    assert "next step: messages are held back since the restore" in said.output
    listed = json.loads(type_(APP, ["messages", "list", "--json", "--data", data]).output)
    assert isinstance(listed, list)
    told = json.loads(type_(APP, ["status", "--json", "--data", data]).output)
    assert told["messages"]["held_since"] is not None
    assert "Nothing leaves since" in type_(APP, ["messages", "list", "--data", data]).output
    assert "Messages leave again" in type_(APP, ["messages", "release", "--data", data]).output
    assert type_(APP, ["messages", "release", "--data", data]).exit_code == 2
