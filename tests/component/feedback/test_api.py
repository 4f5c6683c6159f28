"""A child's view over HTTP: recorded, approved, shared, read, answered, told, taken back."""

from datetime import timedelta

import pytest

from services.contracts.codes import Audience, ViewStatus
from services.feedback.metrics import collect
from tests.component.feedback.story import CHILD, CONFERENCE, DAD, NOW, ROOM, STARTS_AT, Story

OTHER_CHILD = "c41d0000-0000-4000-8000-000000000002"


# --- recording and approving ---


def test_recorded_says_that_there_is_a_view_and_approved_whom_it_may_reach(story: Story) -> None:
    view_ref = story.recorded()
    assert story.verbs() == ["recorded", "approved"]
    (recorded,) = story.said("child-view.recorded")
    (approved,) = story.said("child-view.approved")
    assert (recorded.statements, recorded.approved_for) == (2, ())
    assert approved.approved_for == (Audience.CHAIR,)
    assert [one.approved_for for one in story.view(view_ref).statements] == [(Audience.CHAIR,), ()]


def test_recorded_without_approval_is_for_nobody(story: Story) -> None:
    view_ref = story.recorded(statements=[{"text": DAD}])
    assert story.verbs() == ["recorded"]
    refused = story.post(view_ref, "share")
    assert refused.json()["code"] == "nothing-for-the-chair"


def test_the_answer_to_recording_holds_no_word_and_says_where_it_is(story: Story) -> None:
    answer = story.record()
    assert "Canary" not in answer.text
    assert answer.headers["location"] == f"/v1/child-views/{answer.json()['view_ref']}"


def test_approvals_are_noted_for_ever_one_by_one(story: Story) -> None:
    view_ref = story.recorded()
    yes = {"statement": 2, "audience": ["chair", "minutes"], "heard_from_child": True}
    story.post(view_ref, "approvals", approved=True, **yes)
    story.post(view_ref, "approvals", approved=False, **{**yes, "audience": ["minutes"]})
    assert story.rows("SELECT statement, audience, approved FROM approvals ORDER BY number") == [
        (1, "chair", 1),
        (2, "chair", 1),
        (2, "minutes", 1),
        (2, "minutes", 0),
    ]
    assert story.said("child-view.approved")[-1].approved_for == (Audience.CHAIR,)


def test_what_was_not_heard_from_the_child_is_refused_and_not_noted(story: Story) -> None:
    view_ref = story.recorded(statements=[{"text": DAD}])
    refused = story.post(
        view_ref,
        "approvals",
        statement=1,
        audience=["chair"],
        approved=True,
        heard_from_child=False,
    )
    assert (refused.status_code, refused.json()["code"]) == (409, "not-heard-from-child")
    assert story.rows("SELECT * FROM approvals") == []


def test_a_view_for_another_childs_conference_is_refused(story: Story) -> None:
    refused = story.record(child_ref=OTHER_CHILD)
    assert (refused.status_code, refused.json()["code"]) == (409, "another-childs-conference")


def test_an_observation_is_not_recorded_as_the_childs_words(story: Story) -> None:
    refused = story.record(medium="observed")
    assert refused.json()["code"] == "observation-is-not-the-childs-words"


@pytest.mark.parametrize(
    ("other", "pointer"),
    [
        ({"author": "Canary"}, "/author"),
        ({"medium": "Canary"}, "/medium"),
        ({"provenance": "Canary"}, "/provenance"),
        ({"statements": []}, "/statements"),
        ({"statements": [{"text": ""}]}, "/statements/0/text"),
        (
            {"statements": [{"text": "Canary", "approved_for": ["mum"]}]},
            "/statements/0/approved_for/0",
        ),
        ({"statements": [{"text": "Canary" * 2000}]}, "/statements/0/text"),
        ({"heading": "Canary"}, "/?"),
        ({"language": "Canary"}, "/language"),
    ],
)
def test_a_body_that_breaks_a_rule_is_told_which_and_never_hears_itself(
    story: Story, other: dict[str, object], pointer: str
) -> None:
    answer = story.record(**other)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == pointer
    assert "Canary" not in answer.text
    assert story.rows("SELECT * FROM child_views") == []


# --- sharing and reading ---


def test_the_chair_reads_what_is_for_the_chair_once_it_was_shared(story: Story) -> None:
    view_ref = story.recorded()
    assert story.read(view_ref).json()["code"] == "not-shared"
    story.post(view_ref, "share")
    read = story.read(view_ref).json()
    assert read["statements"] == [{"number": 1, "text": ROOM, "in_front_of_parents": False}]
    assert (read["provenance"], read["childs_own_words"]) == ("own-words", True)
    (shared,) = story.said("child-view.shared")
    assert shared.shared_at == story.world.now


def test_each_look_asks_what_is_approved_now_and_is_written_down(story: Story) -> None:
    view_ref = story.recorded()
    story.post(view_ref, "share")
    story.read(view_ref)
    both = {"statement": 2, "audience": ["chair", "parents-present"], "heard_from_child": True}
    story.post(view_ref, "approvals", approved=True, **both)
    read = story.read(view_ref).json()
    assert [(one["number"], one["in_front_of_parents"]) for one in read["statements"]] == [
        (1, False),
        (2, True),
    ]
    story.post(view_ref, "approvals", approved=False, **both)
    assert [one["text"] for one in story.read(view_ref).json()["statements"]] == [ROOM]
    assert story.read(view_ref, "minutes").json()["statements"] == []
    assert story.rows("SELECT looked_as, statements FROM looks ORDER BY number") == [
        ("chair", "[1]"),
        ("chair", "[1, 2]"),
        ("chair", "[1]"),
        ("minutes", "[]"),
    ]


def test_an_observation_is_shown_as_one(story: Story) -> None:
    view_ref = story.recorded(medium="observed", provenance="observation")
    story.post(view_ref, "share")
    read = story.read(view_ref).json()
    assert (read["provenance"], read["childs_own_words"]) == ("observation", False)


def test_without_an_audience_nobody_reads_a_word(story: Story) -> None:
    view_ref = story.recorded()
    story.post(view_ref, "share")
    alone = story.world.client.get(f"/v1/child-views/{view_ref}")
    listed = story.world.client.get("/v1/child-views", params={"conference_ref": str(CONFERENCE)})
    assert listed.json()["items"] == [alone.json()]
    assert "Canary" not in alone.text + listed.text
    assert story.rows("SELECT * FROM looks") == []


def test_an_audience_nobody_knows_is_refused(story: Story) -> None:
    answer = story.read(story.recorded(), "headteacher")
    assert answer.status_code == 422
    assert "headteacher" not in answer.text


def test_views_are_listed_page_by_page(story: Story) -> None:
    refs = sorted(story.recorded() for _ in range(3))
    params = {"conference_ref": str(CONFERENCE), "size": "2"}
    first = story.world.client.get("/v1/child-views", params=params).json()
    second = story.world.client.get(
        "/v1/child-views", params={**params, "cursor": first["next"]}
    ).json()
    assert [item["view_ref"] for item in first["items"] + second["items"]] == refs
    assert second["next"] is None


# --- the way back ---


def test_received_answered_and_told_are_each_said(story: Story) -> None:
    view_ref = story.recorded()
    story.post(view_ref, "share")
    story.post(view_ref, "receipt")
    story.conference("held", status="held", held_at=STARTS_AT)
    story.world.advance(STARTS_AT)
    story.post(
        view_ref,
        "answer",
        answer="part",
        reason="partly-possible",
        words="Canary-three, we will try",
    )
    for_child = story.world.client.get(f"/v1/child-views/{view_ref}/answer").json()
    assert for_child["words"] == "Canary-three, we will try"
    story.post(view_ref, "told", at=STARTS_AT.isoformat(), understood="yes")
    assert story.verbs()[2:] == ["shared", "received", "answered", "told"]
    (told,) = story.said("child-view.told")
    assert (told.status, told.told_at, told.understood) == (ViewStatus.TOLD, STARTS_AT, "yes")
    assert (told.answer, told.answer_reason) == ("part", "partly-possible")


def test_a_corrected_answer_takes_the_place_of_the_former_words(story: Story) -> None:
    view_ref = story.recorded()
    story.post(view_ref, "share")
    story.sits()
    story.post(view_ref, "answer", answer="full", reason="agreed", words="Yes")
    story.post(view_ref, "answer", answer="not", reason="not-safe", words="Sorry, no")
    for_child = story.world.client.get(f"/v1/child-views/{view_ref}/answer").json()
    assert (for_child["answer"], for_child["words"]) == ("not", "Sorry, no")
    assert len(story.said("child-view.answered")) == 2


def test_there_is_no_answer_before_there_is_one(story: Story) -> None:
    answer = story.world.client.get(f"/v1/child-views/{story.recorded()}/answer")
    assert (answer.status_code, answer.json()["code"]) == (409, "not-answered")


def test_an_answer_before_the_conference_was_held_is_refused_and_its_page_says_when(
    story: Story,
) -> None:
    view_ref = story.recorded()
    story.post(view_ref, "share")
    refused = story.post(view_ref, "answer", answer="full", reason="agreed")
    assert (refused.status_code, refused.json()["code"]) == (409, "conference-was-not-held")
    shown = story.world.client.get(f"/views/{view_ref}").text
    assert "can be recorded once the conference has been held" in shown
    assert f"/views/{view_ref}/answer" not in shown
    assert story.world.client.get(f"/views/{view_ref}/answer").status_code == 409
    story.sits()
    assert f"/views/{view_ref}/answer" in story.world.client.get(f"/views/{view_ref}").text
    assert story.world.client.get(f"/views/{view_ref}/answer").status_code == 200


def test_the_same_answer_said_again_is_no_correction(story: Story) -> None:
    view_ref = story.recorded()
    story.post(view_ref, "share")
    story.sits()
    said = {"answer": "part", "reason": "partly-possible", "words": "We will try"}
    story.post(view_ref, "answer", **said)
    story.post(view_ref, "told", at=story.world.now.isoformat(), understood="yes")
    story.post(view_ref, "answer", **said)
    assert story.view(view_ref).status is ViewStatus.TOLD
    assert story.verbs()[-2:] == ["answered", "told"]
    story.post(view_ref, "answer", **{**said, "words": "We will try hard"})
    assert story.view(view_ref).status is ViewStatus.ANSWERED


def test_whoever_tells_the_child_reads_the_answer_and_who_corrects_it_finds_its_words(
    story: Story,
) -> None:
    view_ref = story.recorded()
    story.post(view_ref, "share")
    story.sits()
    story.post(view_ref, "answer", answer="part", reason="other", words="We will try")
    assert "We will try" in story.world.client.get(f"/views/{view_ref}/told").text
    form = story.world.client.get(f"/views/{view_ref}/answer").text
    assert "We will try</textarea>" in form
    assert "We will try" not in story.world.client.get(f"/views/{view_ref}").text


def test_a_conference_that_was_put_off_before_its_hour_answers_nothing(story: Story) -> None:
    view_ref = story.recorded()
    story.post(view_ref, "share")
    story.conference("adjourned", status="adjourned", adjourned_because="quorum")
    refused = story.post(view_ref, "answer", answer="full", reason="agreed")
    assert (refused.status_code, refused.json()["code"]) == (409, "conference-was-not-held")
    story.world.advance(STARTS_AT)
    story.conference(
        "adjourned", status="adjourned", adjourned_because="quorum", reconvenes_on="2026-12-20"
    )
    assert story.post(view_ref, "answer", answer="full", reason="agreed").status_code == 409

    story.conference("rescheduled", status="scheduled", adjourned_because=None)
    story.conference("adjourned", status="adjourned", adjourned_because="quorum")
    story.conference("rescheduled", status="scheduled", starts_at=STARTS_AT + timedelta(days=9))
    assert story.post(view_ref, "answer", answer="full", reason="agreed").status_code == 200


def test_what_may_not_follow_is_refused_and_says_nothing(story: Story) -> None:
    view_ref = story.recorded()
    refused = story.post(view_ref, "receipt")
    assert (refused.status_code, refused.json()["code"]) == (409, "view-is-approved")
    assert story.verbs() == ["recorded", "approved"]


# --- taking back ---


def test_a_withdrawn_view_is_gone_at_once_and_its_marker_stays(story: Story) -> None:
    view_ref = story.recorded()
    story.post(view_ref, "share")
    story.sits()
    story.post(view_ref, "answer", answer="full", reason="agreed", words="Yes")
    taken = story.post(view_ref, "withdrawal").json()
    assert (taken["status"], taken["already_read"]) == ("withdrawn", False)
    assert story.read(view_ref).json()["code"] == "view-is-withdrawn"
    assert story.rows("SELECT sealed FROM words") == [(None,)] * 3
    (said,) = story.said("child-view.withdrawn")
    assert (said.statements, said.approved_for) == (2, ())


def test_what_was_read_cannot_be_unread_and_that_is_said(story: Story) -> None:
    view_ref = story.recorded()
    story.post(view_ref, "share")
    story.read(view_ref)
    assert story.post(view_ref, "withdrawal").json()["already_read"] is True


def test_withdrawn_twice_is_refused(story: Story) -> None:
    view_ref = story.recorded()
    story.post(view_ref, "withdrawal")
    assert story.post(view_ref, "withdrawal").json()["code"] == "view-is-withdrawn"


def test_metrics_count_views_and_name_nobody(story: Story) -> None:
    story.recorded()
    story.recorded(statements=[{"text": DAD}])
    samples = [
        (sample.labels, sample.value)
        for metric in collect(story.world.desk("feedback"))
        for sample in metric.samples
    ]
    assert samples == [({"status": "approved"}, 1), ({"status": "recorded"}, 1)]
    assert str(CHILD) not in str(samples)


# --- what is changed later ---


def approve(story: Story, view_ref: str, statement: int, *, approved: bool) -> None:
    body = {"statement": statement, "audience": ["chair"], "heard_from_child": True}
    assert story.post(view_ref, "approvals", approved=approved, **body).status_code == 200


def test_a_corrected_answer_without_words_leaves_none_of_the_former_to_be_read(
    story: Story,
) -> None:
    view_ref = story.recorded()
    story.post(view_ref, "share")
    story.sits()
    story.post(view_ref, "answer", answer="full", reason="agreed", words="Yes, you can")
    story.post(view_ref, "answer", answer="not", reason="not-safe")
    for_child = story.world.client.get(f"/v1/child-views/{view_ref}/answer").json()
    assert (for_child["answer"], for_child["words"]) == ("not", None)


def test_what_the_child_was_told_before_the_correction_is_not_the_corrected_answer(
    story: Story,
) -> None:
    view_ref = story.recorded()
    story.post(view_ref, "share")
    story.sits()
    story.post(view_ref, "answer", answer="full", reason="agreed")
    told = NOW + timedelta(hours=2)
    story.world.advance(NOW + timedelta(hours=4))
    story.post(view_ref, "answer", answer="not", reason="not-safe")
    story.world.advance(NOW + timedelta(hours=5))
    refused = story.post(view_ref, "told", at=told.isoformat(), understood="yes")
    assert (refused.status_code, refused.json()["code"]) == (409, "told-before-the-correction")
    again = NOW + timedelta(hours=5)
    assert story.post(view_ref, "told", at=again.isoformat(), understood="yes").status_code == 200


def test_an_answer_written_down_late_was_told_before_it_was_written_down(story: Story) -> None:
    view_ref = story.recorded()
    story.post(view_ref, "share")
    story.sits()
    story.world.advance(NOW + timedelta(hours=4))
    story.post(view_ref, "answer", answer="full", reason="agreed")
    told = NOW + timedelta(hours=2)
    assert story.post(view_ref, "told", at=told.isoformat(), understood="yes").status_code == 200


def test_a_view_given_to_the_chair_again_is_shared_again(story: Story) -> None:
    view_ref = story.recorded()
    story.post(view_ref, "share")
    approve(story, view_ref, 1, approved=False)
    approve(story, view_ref, 1, approved=True)
    assert story.verbs()[2:] == ["shared", "approved", "approved", "shared"]


def test_more_for_the_chair_after_the_receipt_is_shared_and_received_once_more(
    story: Story,
) -> None:
    view_ref = story.recorded()
    story.post(view_ref, "share")
    story.post(view_ref, "receipt")
    approve(story, view_ref, 2, approved=True)
    assert story.view(view_ref).status is ViewStatus.SHARED
    story.post(view_ref, "receipt")
    assert story.verbs()[2:] == ["shared", "received", "approved", "shared", "received"]


def test_who_leads_the_meeting_next_says_too_that_they_have_read_it(story: Story) -> None:
    view_ref = story.recorded()
    story.post(view_ref, "share")
    page = story.world.client.get(f"/views/{view_ref}/read/chair").text
    assert "I have read it" in page
    assert "too" not in page
    story.post(view_ref, "receipt")
    page = story.world.client.get(f"/views/{view_ref}/read/chair").text
    assert "I have read it too" in page
    later = story.world.now + timedelta(hours=1)
    story.world.advance(later)
    story.post(view_ref, "receipt")
    assert story.verbs()[2:] == ["shared", "received", "received"]
    assert story.view(view_ref).received_at == later


def test_nothing_more_is_shared_once_the_conference_was_held(story: Story) -> None:
    view_ref = story.recorded()
    story.post(view_ref, "share")
    story.conference("held", status="held", held_at=STARTS_AT)
    approve(story, view_ref, 2, approved=True)
    assert story.verbs()[2:] == ["shared", "approved"]


def test_a_page_that_is_older_than_what_the_child_took_back_gives_nothing_again(
    story: Story,
) -> None:
    view_ref = story.recorded()
    seen = str(story.view(view_ref).version)
    approve(story, view_ref, 1, approved=False)
    form = {"key": "old", "statement": "1", "version": seen, "approved-1": ["chair", "minutes"]}
    answer = story.world.client.post(f"/views/{view_ref}/approvals", data=form)
    assert answer.status_code == 422
    assert "Somebody changed this meanwhile" in answer.text
    assert story.view(view_ref).approved_for == ()
