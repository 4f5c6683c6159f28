"""The player: quiet before every move of the clock, and the same request until it is answered."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import pytest

from services.contracts.codes import Role, VisitKind
from services.launcher.quarter.acts import OnVisit, Person, RegisterPerson
from services.launcher.quarter.api import Body, NotDone, Unanswered
from services.launcher.quarter.book import Book, Seat
from services.launcher.quarter.families import MEETINGS
from services.launcher.quarter.player import Player, Stuck
from services.launcher.quarter.script import Day

ADA = RegisterPerson(Person("Ada Example", Role.ADVOCATE, "ada@advocacy.example.org"))
BO = RegisterPerson(Person("Bo Example", Role.ADVOCATE, "bo@advocacy.example.org"))
MONDAY, TUESDAY = date(2011, 10, 31), date(2011, 11, 1)


@dataclass
class Diary:
    """An installation that writes down what is asked of it, and fails as often as told."""

    failures: list[Exception] = field(default_factory=list)
    entries: list[tuple[Any, ...]] = field(default_factory=list)
    visits: list[dict[str, str]] = field(default_factory=list)

    def get(self, path: str, query: Mapping[str, str]) -> Any:
        self.entries.append(("get", path, dict(query)))
        return {"items": self.visits}

    def post(self, path: str, body: Body, key: str) -> Any:
        self.entries.append(("post", path, body.get("name"), key))
        if self.failures:
            raise self.failures.pop(0)
        return {"person_ref": "a-reference"}

    def settle(self) -> None:
        self.entries.append(("settle",))

    def move(self, to: datetime) -> None:
        self.entries.append(("move", to.isoformat()))

    def rest(self) -> None:
        self.entries.append(("rest",))


def test_the_clock_is_moved_only_when_all_is_quiet_and_at_the_end_all_is_quiet() -> None:
    diary = Diary()
    Player(diary, diary).play([Day(MONDAY, (ADA,)), Day(TUESDAY, ())])
    said = [entry[0] for entry in diary.entries]
    assert said == ["settle", "move", "post", "settle", "move", "settle"]


def test_the_hour_is_the_one_on_peoples_clocks_in_winter_too() -> None:
    diary = Diary()
    summer = date(2011, 10, 28)
    Player(diary, diary).play([Day(summer, ()), Day(MONDAY, ())])
    moves = [entry[1] for entry in diary.entries if entry[0] == "move"]
    assert moves == ["2011-10-28T17:00:00+01:00", "2011-10-31T17:00:00+00:00"]


def test_what_was_not_answered_is_sent_again_with_the_same_key() -> None:
    diary = Diary(failures=[Unanswered("no answer"), Unanswered("no answer")])
    Player(diary, diary).play([Day(MONDAY, (ADA,))])
    posts = [entry for entry in diary.entries if entry[0] == "post"]
    assert len(posts) == 3
    assert len(set(posts)) == 1


def test_it_rests_before_it_sends_again() -> None:
    diary = Diary(failures=[Unanswered("no answer")])
    Player(diary, diary).play([Day(MONDAY, (ADA,))])
    assert [e[0] for e in diary.entries] == ["settle", "move", "post", "rest", "post", "settle"]


def test_what_was_refused_ends_the_play_and_is_not_sent_again() -> None:
    diary = Diary(failures=[NotDone(409, "after-held")])
    with pytest.raises(Stuck, match=r"ada@advocacy\.example\.org.* 409 after-held"):
        Player(diary, diary).play([Day(MONDAY, (ADA, BO))])
    assert sum(entry[0] == "post" for entry in diary.entries) == 1


def test_what_is_never_answered_ends_the_play(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.launcher.quarter.player.ACT_DEADLINE_S", 0.0)
    diary = Diary(failures=[Unanswered("the API does not answer")] * 2)
    with pytest.raises(Stuck, match="the API does not answer"):
        Player(diary, diary).play([Day(MONDAY, (ADA,))])


def test_each_day_is_told_when_it_is_done() -> None:
    told: list[date] = []
    diary = Diary()
    Player(diary, diary, lambda day: told.append(day.on)).play([Day(MONDAY, ()), Day(TUESDAY, ())])
    assert told == [MONDAY, TUESDAY]


def test_a_visit_that_is_not_planned_yet_is_waited_for() -> None:
    meeting = MEETINGS[0]
    referral = meeting.referrals[0]
    diary = Diary(visits=[{"kind": "after", "visit_ref": "the-visit-after"}])
    book = Book(diary)
    book.seats[meeting.conference_id, referral.child.number] = Seat("a-child", "a-conference")
    before = OnVisit(meeting, referral, VisitKind.BEFORE, "held")
    with pytest.raises(Unanswered):
        before.request(book)
    after = OnVisit(meeting, referral, VisitKind.AFTER, "held")
    assert after.request(book).path == "/v1/visits/the-visit-after/held"
