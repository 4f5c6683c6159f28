"""The pages of an offer: what they say of its state, what they let people record, and how."""

import html
import re
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from services.contracts.codes import CancelledBecause, ConferenceKind, Objection, OfferStatus, Role
from tests.component.referral.story import MONDAY, STARTS_AT, Story, child_ref, conference_ref

TOLD = {
    "who": "social-worker",
    "at-day": "23",
    "at-month": "11",
    "at-year": "2026",
    "at-time": "8:30am",
}
NO = {**TOLD, "who": "school", "heard": "no"}


class Shown:
    """A page as somebody reads it."""

    def __init__(self, answer: Any) -> None:
        self.status: int = answer.status_code
        self.path: str = answer.url.path
        self.source: str = answer.text
        main = self.source[self.source.index("<main") :]
        self.text = " ".join(html.unescape(re.sub(r"<[^>]+>", " ", main)).split())

    @property
    def records(self) -> list[str]:
        """What can be recorded from here."""
        return re.findall(r'href="/offers/[0-9a-f-]{36}/([a-z]+)"', self.source)

    @property
    def children(self) -> list[UUID]:
        """The children of a list, in its order."""
        links = re.findall(r"conference_ref=([0-9a-f-]{36})", self.source)
        return [UUID(link) for link in dict.fromkeys(links)]

    @property
    def mistakes(self) -> list[str]:
        """The lines of the error summary."""
        summary = re.search(r"govuk-error-summary__list.*?</ul>", self.source, re.DOTALL)
        found = re.findall(r"<li>(.*?)</li>", summary[0], re.DOTALL) if summary else []
        return [html.unescape(re.sub(r"<[^>]+>", "", line)).strip() for line in found]

    def typed(self, name: str) -> str:
        """What stands in a field."""
        box = re.search(rf'<input[^>]*name="{name}"[^>]*>', self.source)
        value = re.search(r'value="([^"]*)"', box[0]) if box else None
        return value[1] if value else ""


def opened(story: Story, path: str) -> Shown:
    return Shown(story.world.client.get(path))


def offer_page(story: Story, number: int = 1) -> Shown:
    return opened(story, f"/offers?conference_ref={conference_ref(number)}")


def form(story: Story, record: str) -> Shown:
    return opened(story, f"/offers/{story.offer().offer_ref}/{record}")


def sent(story: Story, record: str, fields: dict[str, str], key: str) -> Shown:
    path = f"/offers/{story.offer().offer_ref}/{record}"
    answer = story.world.client.post(path, data={**fields, "key": key})
    story.world.settle()
    return Shown(answer)


def recorded(story: Story, record: str, **fields: str) -> Shown:
    """Open a form, fill it in and send it."""
    return sent(story, record, fields, form(story, record).typed("key"))


def test_an_offer_nobody_spoke_of_says_so_and_who_does_what_by_when(story: Story) -> None:
    page = offer_page(story.begun())
    assert page.status == 200
    assert "Nobody has recorded that the child was told of this offer." in page.text
    assert "It stands until the child says no. Silence is not a no." in page.text
    assert (
        "By Wednesday 25 November 2026, 5pm The social worker tells the child. "
        "By Thursday 26 November 2026, 5pm "
        "If nobody has told the child by then, the conference chair steps in."
    ) in page.text
    assert "Why it is made Guidance asks for it (England: presumed" in page.text
    assert "Initial conference, Monday 14 December 2026, 10am" in page.text


def test_what_was_not_done_in_time_is_called_late(story: Story) -> None:
    story.begun()
    story.world.advance(MONDAY + timedelta(days=3))
    page = offer_page(story)
    assert "Was due by Wednesday 25 November 2026, 5pm Late" in page.text


def test_telling_the_child_is_recorded_with_who_and_when(story: Story) -> None:
    story.begun()
    page = recorded(story, "told", **TOLD)
    (explained,) = story.said("offer.explained")
    assert (explained.explained_by, explained.explained_at) == (
        Role.SOCIAL_WORKER,
        MONDAY - timedelta(minutes=30),
    )
    assert (page.status, page.path) == (200, "/offers")
    assert "It is recorded that the child was told" in page.text
    assert "An adult says so: the social worker, Monday 23 November 2026, 8:30am" in page.text
    assert "What the child says of it Not recorded" in page.text
    assert "tells the child" not in page.text


def test_the_childs_own_word_stands_beside_the_adults(story: Story) -> None:
    story.begun()
    recorded(story, "told", **TOLD)
    page = recorded(story, "understood")
    assert len(story.said("offer.explained-confirmed")) == 1
    assert "The child says they were told, and has not answered yet." in page.text


def test_a_no_heard_second_hand_says_that_the_child_will_be_asked_and_by_when(
    story: Story,
) -> None:
    story.begun()
    page = recorded(story, "no", **NO)
    (declined,) = story.said("offer.declined")
    assert (declined.reported_by, declined.heard_directly) == (Role.SCHOOL, False)
    assert "The school passed on a no. It was not heard from the child." in page.text
    assert (
        "By Monday 30 November 2026, 5pm "
        "Somebody hears from the child whether it is a no, at the next contact."
    ) in page.text
    recorded(story, "no", **{**NO, "who": "child", "heard": "yes"})
    page = offer_page(story)
    assert "The child said no." in page.text
    assert "What must happen next" not in page.text


def test_a_no_that_nobody_heard_from_the_child_in_time_goes_to_the_provider(story: Story) -> None:
    story.begun()
    recorded(story, "no", **NO)
    story.world.advance(MONDAY + timedelta(days=8))
    assert "Late The advocacy provider asks the child whether it is a no." in offer_page(story).text


def test_what_the_child_says_is_not_passed_on(story: Story) -> None:
    story.begun()
    page = recorded(story, "no", **{**NO, "who": "child"})
    assert page.mistakes == [
        "What the child says is heard from the child: choose yes, or who passed it on"
    ]
    assert story.offer().status is OfferStatus.STANDING


def test_a_parents_no_is_not_taken_for_the_childs(story: Story) -> None:
    story.begun()
    page = recorded(story, "no", **{**NO, "who": "parent"})
    (mistake,) = page.mistakes
    assert mistake.startswith("A parent's no is not the child's")
    assert "/objection" in page.source
    assert story.offer().status is OfferStatus.STANDING


def test_somebody_elses_no_stops_nothing_and_the_page_says_so(story: Story) -> None:
    story.begun()
    assert "It stops nothing: the offer stands and the advocate stays." in (
        form(story, "objection").text
    )
    page = recorded(story, "objection", who="parent")
    assert (story.offer().status, story.offer().objection) == (
        OfferStatus.STANDING,
        Objection.OPEN,
    )
    assert (
        "By Wednesday 25 November 2026, 5pm The advocacy provider asks the child about the other"
        " person's no. Until then it stops nothing."
    ) in page.text


@pytest.mark.parametrize(
    ("wants", "says"), [("yes", "The child said yes."), ("no", "The child said no.")]
)
def test_the_child_decides_about_somebody_elses_no(story: Story, wants: str, says: str) -> None:
    story.begun()
    recorded(story, "objection", who="carer")
    assert says in recorded(story, "decision", wants=wants).text


def test_a_pause_goes_on_where_the_child_was(story: Story) -> None:
    story.begun()
    recorded(story, "yes", **{**TOLD, "heard": "yes"})
    assert "The offer is paused" in recorded(story, "pause").text
    assert "The child said yes." in recorded(story, "resume").text


def test_a_child_who_comes_back_is_asked_again(story: Story) -> None:
    story.begun()
    recorded(story, "no", **{**NO, "who": "child", "heard": "yes"})
    page = recorded(story, "reopen")
    assert story.offer().status is OfferStatus.STANDING
    assert "The child's answer None yet" in page.text


def test_only_what_can_happen_to_the_offer_is_offered(story: Story) -> None:
    def can_be_recorded(verb: str, **body: Any) -> list[str]:
        story.post(verb, **body)
        return offer_page(story).records

    story.begun()
    told = ["told", "understood"]
    assert offer_page(story).records == [*told, "yes", "no", "objection", "pause"]
    assert can_be_recorded("objected", by_role="parent") == [
        *told,
        "yes",
        "no",
        "decision",
        "pause",
    ]
    assert can_be_recorded("accepted", heard_directly=True) == [*told, "no", "objection", "pause"]
    assert can_be_recorded("paused") == [*told, "no", "objection", "resume"]
    by_school = {"reported_by": "school", "heard_directly": False}
    assert can_be_recorded("declined", **by_school) == [*told, "no", "reopen"]
    by_child = {"reported_by": "child", "heard_directly": True}
    assert can_be_recorded("declined", **by_child) == [*told, "reopen"]
    assert can_be_recorded("withdrawn", reason="duplicate") == ["reopen"]


def test_nothing_is_asked_of_a_child_who_died(story: Story) -> None:
    story.begun()
    story.cancelled(CancelledBecause.DIED)
    page = offer_page(story)
    assert "The child has died." in page.text
    assert page.records == ["told", "understood"]


def test_nobody_is_to_speak_to_a_child_all_contact_with_whom_was_stopped(story: Story) -> None:
    story.begun()
    story.child("contact-stopped", contact_stopped=True)
    page = offer_page(story)
    assert "All contact with the child was stopped: nobody is to speak to the child." in page.text
    assert "tells the child" not in page.text
    assert opened(story, "/offers").children == []


def test_an_offer_that_was_not_made_says_why(story: Story) -> None:
    story.conference(authority="E08000039", kind=ConferenceKind.REVIEW)
    page = offer_page(story)
    assert "No offer was made. This sort of conference leads to no offer here." in page.text
    assert page.records == ["reopen"]


def test_a_form_that_is_sent_twice_records_once(story: Story) -> None:
    story.begun()
    key = form(story, "told").typed("key")
    first, second = (sent(story, "told", TOLD, key) for _ in range(2))
    assert first.text == second.text
    assert len(story.said("offer.explained")) == 1


def test_a_no_that_is_sent_twice_is_no_mistake(story: Story) -> None:
    story.begun()
    key = form(story, "no").typed("key")
    first, second = (sent(story, "no", NO, key) for _ in range(2))
    assert (first.status, second.status) == (200, 200)
    assert len(story.said("offer.declined")) == 1


@pytest.mark.parametrize(
    ("wrong", "mistake"),
    [
        ({"at-day": "31"}, "The day the child was told must be a real date"),
        ({"at-month": ""}, "The day the child was told must include a month"),
        ({"at-day": "24"}, "The day the child was told must not be in the future"),
        ({"at-time": "noonish"}, "The time must be written like"),
        ({"at-time": ""}, "The time is missing"),
        ({"at-time": "9:30am"}, "The time must not be in the future"),
        ({"who": "nobody"}, "Choose who told the child"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(
    story: Story, wrong: dict[str, str], mistake: str
) -> None:
    story.begun()
    filled = {**TOLD, **wrong}
    page = recorded(story, "told", **filled)
    assert page.status == 422
    assert [line[: len(mistake)] for line in page.mistakes] == [mistake]
    assert {name: page.typed(name) for name in filled if name != "who"} == {
        name: value for name, value in filled.items() if name != "who"
    }
    assert ('value="social-worker" checked' in page.source) == ("who" not in wrong)
    assert story.said("offer.explained") == []


def test_what_became_impossible_meanwhile_is_refused_on_the_form_and_nothing_is_done(
    story: Story,
) -> None:
    story.begun()
    key = form(story, "yes").typed("key")
    story.post("declined", reported_by="child", heard_directly=True)
    page = sent(story, "yes", {**TOLD, "heard": "yes"}, key)
    refusal = (
        "This cannot be recorded as the offer stands now. The child said no. Where that has"
        " changed, record “The child comes back, or it ended by mistake” first."
    )
    assert (page.status, page.mistakes) == (422, [refusal])
    assert page.typed("at-time") == "8:30am"
    assert story.said("offer.accepted") == []
    again = form(story, "yes")
    assert (again.status, again.mistakes) == (409, [refusal])
    assert again.records == ["told", "understood", "reopen"]


@pytest.mark.parametrize(
    "path",
    [
        f"/offers?conference_ref={conference_ref(9)}",
        "/offers?conference_ref=none",
        f"/offers/{conference_ref(9)}/told",
    ],
)
def test_a_conference_nobody_knows_gets_a_page_that_says_so(story: Story, path: str) -> None:
    page = opened(story.begun(), path)
    assert page.status == 404
    assert page.text.startswith("Page not found What you asked for is not here.")


def test_a_record_that_does_not_exist_is_not_found(story: Story) -> None:
    assert form(story.begun(), "forgotten").status == 404
    assert recorded(story, "forgotten").status == 404


def test_who_is_due_first_comes_first_and_who_was_told_is_gone(story: Story) -> None:
    story.advocate(capacity=9)
    for number, days in ((1, 0), (2, -14), (3, -16), (4, -12)):
        story.conference(number=number, starts_at=STARTS_AT + timedelta(days=days))
    order = [conference_ref(number) for number in (3, 2, 4, 1)]
    assert opened(story, "/offers").children == order
    story.post("explained", 2, by_role="school")
    page = opened(story, "/offers")
    assert page.children == [order[0], *order[2:]]
    assert str(child_ref(2)) not in page.source


def test_a_long_list_goes_on_where_it_stopped(story: Story) -> None:
    for number in range(1, 6):
        story.conference(number=number, starts_at=STARTS_AT - timedelta(days=number % 3))
    seen: list[UUID] = []
    path = "/offers?size=2"
    for _ in range(3):
        page = opened(story, path)
        seen += page.children
        following = re.search(r'href="(/offers\?cursor=[^"]+)"', page.source)
        path = html.unescape(following[1]) if following else ""
    assert path == ""
    assert seen == opened(story, "/offers").children
    assert len(set(seen)) == 5


def test_the_list_can_be_of_one_place(story: Story) -> None:
    story.conference(number=1)
    story.conference(number=2, authority="E09000033")
    assert opened(story, "/offers?authority=E09000033").children == [conference_ref(2)]


def test_nobody_is_asked_to_tell_a_child_once_the_conference_was_held(story: Story) -> None:
    story.begun()
    story.world.advance(STARTS_AT)
    assert opened(story, "/offers").children == [conference_ref()]
    story.held()
    page = opened(story, "/offers")
    assert page.children == []
    assert "No child is waiting to be told of an offer" in page.text
