"""Who may read what of a child's view, and what may follow what."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.contracts.codes import (
    Answer,
    AnswerReason,
    Audience,
    ConferenceStatus,
    Medium,
    Provenance,
    ViewAuthor,
    ViewStatus,
    YesNo,
)
from services.feedback.domain.child_view import (
    SENT,
    TRANSITIONS,
    Approval,
    ChildView,
    Refusal,
    Statement,
    Step,
    answered,
    approved,
    contradiction,
    is_possible,
    readable,
    received,
    shared,
    shared_more,
    told,
    withdrawn,
)

NOW = datetime(2026, 12, 3, 10, 0, tzinfo=UTC)
SAT_AT = NOW - timedelta(hours=2)
HELD = ConferenceStatus.HELD
CHAIR, PARENTS = Audience.CHAIR, Audience.PARENTS_PRESENT


def a_view(**other: object) -> ChildView:
    usual = ChildView(
        view_ref=UUID("71e00000-0000-4000-8000-000000000001"),
        child_ref=UUID("c41d0000-0000-4000-8000-000000000001"),
        conference_ref=UUID("c0ff0000-0000-4000-8000-000000000001"),
        author=ViewAuthor.ADVOCATE,
        medium=Medium.SPOKEN,
        provenance=Provenance.OWN_WORDS,
        language="en",
        statements=(Statement(1), Statement(2)),
        recorded_at=NOW,
    )
    return replace(usual, **other)  # type: ignore[arg-type]


def for_the_chair(status: ViewStatus = ViewStatus.APPROVED, **other: object) -> ChildView:
    return a_view(statements=(Statement(1, (CHAIR,)), Statement(2)), status=status, **other)


def says(
    *granted: Audience,
    statement: int = 1,
    taken_back: tuple[Audience, ...] = (),
    heard_from_child: bool = True,
) -> Approval:
    return Approval(statement, frozenset(granted), frozenset(taken_back), heard_from_child)


def accepted(result: ChildView | Refusal) -> ChildView:
    assert isinstance(result, ChildView), result
    return result


def refused(result: object) -> str:
    assert isinstance(result, Refusal), result
    return result.code


# --- approval ---


def test_a_recorded_view_is_approved_for_nobody() -> None:
    assert a_view().approved_for == ()


def test_approval_is_for_one_statement_and_the_audiences_named() -> None:
    after = accepted(approved(a_view(), says(CHAIR, PARENTS, statement=2)))
    assert [one.approved_for for one in after.statements] == [(), (CHAIR, PARENTS)]
    assert after.status is ViewStatus.APPROVED


def test_taking_the_last_approval_back_leaves_a_view_for_nobody() -> None:
    after = accepted(approved(for_the_chair(), says(taken_back=(CHAIR,))))
    assert (after.status, after.approved_for) == (ViewStatus.RECORDED, ())


def test_an_approval_that_changes_nothing_is_no_step() -> None:
    view = for_the_chair()
    assert approved(view, says(CHAIR)) == view
    assert approved(a_view(), says(taken_back=(CHAIR,))) == a_view()


def test_what_was_not_heard_from_the_child_approves_nothing() -> None:
    result = approved(a_view(), says(CHAIR, heard_from_child=False))
    assert refused(result) == "not-heard-from-child"


def test_taking_back_needs_no_witness() -> None:
    said = says(taken_back=(CHAIR,), heard_from_child=False)
    assert accepted(approved(for_the_chair(), said)).approved_for == ()


def test_an_observation_is_approved_by_the_observer_and_not_in_the_childs_name() -> None:
    seen = a_view(medium=Medium.OBSERVED, provenance=Provenance.OBSERVATION)
    assert accepted(approved(seen, says(CHAIR, heard_from_child=False))).approved_for == (CHAIR,)


def test_a_statement_that_is_not_there_cannot_be_approved() -> None:
    assert refused(approved(a_view(), says(CHAIR, statement=3))) == "no-such-statement"


@pytest.mark.parametrize("status", sorted(SENT))
def test_the_child_changes_who_reads_it_also_after_it_was_sent(status: ViewStatus) -> None:
    wider = accepted(approved(for_the_chair(status), says(PARENTS)))
    narrower = accepted(approved(wider, says(taken_back=(CHAIR, PARENTS))))
    assert (wider.status, wider.approved_for) == (status, (CHAIR, PARENTS))
    assert (narrower.status, narrower.approved_for) == (status, ())


@given(
    st.lists(
        st.tuples(st.integers(1, 2), st.booleans(), st.frozensets(st.sampled_from(Audience))),
        max_size=8,
    )
)
def test_whatever_is_approved_and_taken_back_the_last_word_about_each_audience_holds(
    words: list[tuple[int, bool, frozenset[Audience]]],
) -> None:
    view, expected = a_view(), {1: set[Audience](), 2: set[Audience]()}
    for statement, granted, named in words:
        nobody = frozenset[Audience]()
        said = Approval(statement, *((named, nobody) if granted else (nobody, named)), True)  # noqa: FBT003
        view = accepted(approved(view, said))
        expected[statement] = (
            expected[statement] | named if granted else expected[statement] - named
        )
    assert {one.number: set(one.approved_for) for one in view.statements} == expected
    assert (view.status is ViewStatus.APPROVED) == any(expected.values())


# --- whose words ---


@pytest.mark.parametrize(
    ("author", "medium", "provenance"),
    [
        (ViewAuthor.ADVOCATE, Medium.OBSERVED, Provenance.OWN_WORDS),
        (ViewAuthor.CHILD, Medium.OTHER, Provenance.OBSERVATION),
    ],
)
def test_an_observation_is_never_written_down_as_the_childs_words(
    author: ViewAuthor, medium: Medium, provenance: Provenance
) -> None:
    assert refused(contradiction(author, medium, provenance)) == (
        "observation-is-not-the-childs-words"
    )


@pytest.mark.parametrize("provenance", sorted(Provenance))
def test_only_an_observation_is_not_the_childs_own(provenance: Provenance) -> None:
    own = a_view(provenance=provenance).is_the_childs_own
    assert own is (provenance is not Provenance.OBSERVATION)
    assert contradiction(ViewAuthor.ADVOCATE, Medium.DRAWN, provenance) is None


# --- sharing ---


def test_what_is_approved_for_the_chair_is_shared_before_the_conference() -> None:
    after = accepted(shared(for_the_chair(), ConferenceStatus.SCHEDULED, NOW))
    assert (after.status, after.shared_at) == (ViewStatus.SHARED, NOW)


def test_a_view_with_nothing_for_the_chair_is_not_shared() -> None:
    for_parents = a_view(statements=(Statement(1, (PARENTS,)),), status=ViewStatus.APPROVED)
    result = shared(for_parents, ConferenceStatus.SCHEDULED, NOW)
    assert refused(result) == "nothing-for-the-chair"


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (ConferenceStatus.HELD, "conference-was-held"),
        (ConferenceStatus.CANCELLED, "conference-was-cancelled"),
    ],
)
def test_a_view_is_not_shared_once_there_is_no_conference_to_come(
    status: ConferenceStatus, code: str
) -> None:
    assert refused(shared(for_the_chair(), status, NOW)) == code


def test_a_broken_off_conference_can_still_be_reached() -> None:
    assert accepted(shared(for_the_chair(), ConferenceStatus.ADJOURNED, NOW)).shared_at == NOW


# --- reading ---


@pytest.mark.parametrize("status", sorted(SENT))
def test_an_audience_reads_what_is_approved_for_it_and_nothing_else(status: ViewStatus) -> None:
    view = a_view(
        statements=(Statement(1, (CHAIR,)), Statement(2, (CHAIR, PARENTS)), Statement(3)),
        status=status,
    )
    assert [one.number for one in readable(view, CHAIR)] == [1, 2]  # type: ignore[union-attr]
    assert [one.number for one in readable(view, PARENTS)] == [2]  # type: ignore[union-attr]
    assert readable(view, Audience.MINUTES) == ()


@pytest.mark.parametrize("status", [ViewStatus.RECORDED, ViewStatus.APPROVED])
def test_before_it_is_shared_nobody_reads_it(status: ViewStatus) -> None:
    assert refused(readable(for_the_chair(status), CHAIR)) == "not-shared"


def test_withdrawn_nobody_reads_it_whatever_was_approved() -> None:
    gone = accepted(withdrawn(for_the_chair(ViewStatus.RECEIVED)))
    assert gone.approved_for == ()
    assert len(gone.statements) == 2
    assert refused(readable(gone, CHAIR)) == "view-is-withdrawn"


# --- the way back ---


def test_the_answer_begins_the_telling_anew() -> None:
    view = for_the_chair(
        ViewStatus.TOLD,
        answer=Answer.FULL,
        answer_reason=AnswerReason.AGREED,
        told_at=NOW,
        understood=YesNo.YES,
    )
    later = NOW + timedelta(days=1)
    after = accepted(answered(view, Answer.NOT, AnswerReason.NOT_SAFE, SAT_AT, later))
    assert (after.status, after.answer, after.answered_at) == (
        ViewStatus.ANSWERED,
        Answer.NOT,
        later,
    )
    assert (after.told_at, after.understood) == (None, None)


def test_no_conference_answers_before_it_has_sat() -> None:
    view = for_the_chair(ViewStatus.RECEIVED)
    after = answered(view, Answer.FULL, AnswerReason.AGREED, None, NOW)
    assert refused(after) == "conference-was-not-held"
    assert not is_possible(view, Step.ANSWERED, None)


def test_an_answer_is_corrected_whatever_became_of_the_conference() -> None:
    view = for_the_chair(ViewStatus.ANSWERED, answer=Answer.FULL, answered_at=NOW)
    after = accepted(answered(view, Answer.NOT, AnswerReason.NOT_SAFE, None, NOW))
    assert after.answer is Answer.NOT
    assert is_possible(view, Step.ANSWERED, None)


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (Answer.FULL, AnswerReason.NOT_SAFE),
        (Answer.FULL, AnswerReason.PARTLY_POSSIBLE),
        (Answer.PARTLY, AnswerReason.AGREED),
        (Answer.NOT, AnswerReason.AGREED),
        (Answer.NOT, AnswerReason.PARTLY_POSSIBLE),
    ],
)
def test_no_reason_denies_its_answer(answer: Answer, reason: AnswerReason) -> None:
    view = for_the_chair(ViewStatus.RECEIVED)
    assert refused(answered(view, answer, reason, SAT_AT, NOW)) == "reason-denies-answer"


@pytest.mark.parametrize("answer", Answer)
def test_every_answer_can_have_another_reason(answer: Answer) -> None:
    accepted(answered(for_the_chair(ViewStatus.RECEIVED), answer, AnswerReason.OTHER, SAT_AT, NOW))


def test_the_child_is_told_once_there_is_an_answer() -> None:
    answer = for_the_chair(ViewStatus.ANSWERED, answer=Answer.FULL, answered_at=NOW)
    after = accepted(told(answer, NOW, YesNo.YES, SAT_AT, NOW))
    assert (after.status, after.told_at, after.understood) == (ViewStatus.TOLD, NOW, YesNo.YES)
    assert refused(told(for_the_chair(ViewStatus.RECEIVED), NOW, YesNo.YES, SAT_AT, NOW)) == (
        "view-is-received"
    )


def test_nobody_was_told_in_the_future() -> None:
    answer = for_the_chair(ViewStatus.ANSWERED, answer=Answer.FULL, answered_at=NOW)
    assert (
        refused(told(answer, NOW + timedelta(minutes=1), YesNo.YES, SAT_AT, NOW)) == "in-the-future"
    )


def test_nobody_was_told_the_answer_before_the_conference_sat() -> None:
    answer = for_the_chair(ViewStatus.ANSWERED, answer=Answer.FULL, answered_at=NOW)
    before = SAT_AT - timedelta(minutes=1)
    after = told(answer, before, YesNo.YES, SAT_AT, NOW)
    assert refused(after) == "told-before-the-conference"


# --- the table ---


def attempt(step: Step, view: ChildView) -> ChildView | Refusal:
    return {
        Step.APPROVED: lambda: approved(view, says(CHAIR, statement=2)),
        Step.NOTHING_APPROVED_ANY_MORE: lambda: approved(view, says(taken_back=(CHAIR,))),
        Step.SHARED: lambda: shared(view, ConferenceStatus.SCHEDULED, NOW),
        Step.SHARED_MORE: lambda: shared_more(
            replace(view, statements=(Statement(1),)), view, ConferenceStatus.SCHEDULED, NOW
        ),
        Step.RECEIVED: lambda: received(view, NOW),
        Step.ANSWERED: lambda: answered(view, Answer.FULL, AnswerReason.AGREED, SAT_AT, NOW),
        Step.TOLD: lambda: told(view, NOW, YesNo.YES, SAT_AT, NOW),
        Step.WITHDRAWN: lambda: withdrawn(view),
    }[step]()


@pytest.mark.parametrize(("status", "step"), list(product(ViewStatus, Step)))
def test_only_what_the_table_lists_can_happen(status: ViewStatus, step: Step) -> None:
    result = attempt(step, for_the_chair(status))
    if (status, step) in TRANSITIONS:
        assert accepted(result).status is TRANSITIONS[status, step]
    else:
        assert refused(result) == f"view-is-{status}"


def test_everything_can_be_withdrawn_and_withdrawn_is_final() -> None:
    assert {status for status, step in TRANSITIONS if step is Step.WITHDRAWN} == (
        set(ViewStatus) - {ViewStatus.WITHDRAWN}
    )
    assert ViewStatus.WITHDRAWN not in {status for status, _ in TRANSITIONS}
