"""A place's rules are found by authority and day, and a faulty file is refused in a sentence."""

import dataclasses
from datetime import date
from pathlib import Path

import pytest

from services.chassis.errors import Misconfigured, Refused
from services.chassis.policies import Policies, UnknownPolicy
from services.contracts.codes import ConferenceKind, OfferMode, PermissionRule, RungAct

OURS = Path(__file__).parents[3] / "policies"
ENGLAND = (OURS / "england.toml").read_text(encoding="utf-8")
RBKC = "E09000020"


@pytest.fixture(scope="module")
def policies() -> Policies:
    return Policies.load(OURS)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "england.toml").write_text(ENGLAND, encoding="utf-8")
    return tmp_path


def add_place(folder: Path, name: str, *changes: tuple[str, str]) -> None:
    """Write a copy of England's file as that of another place."""
    text = ENGLAND.replace('id = "england"', f'id = "{name}"').replace('"*E"', f'"{RBKC}"')
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    (folder / f"{name}.toml").write_text(text, encoding="utf-8")


def refusal(folder: Path) -> str:
    with pytest.raises(Misconfigured) as refused:
        Policies.load(folder)
    return str(refused.value)


@pytest.mark.parametrize(
    ("authority", "on", "expected"),
    [
        pytest.param(RBKC, date(2011, 9, 13), "rbkc-2011", id="first day of opt-in"),
        pytest.param(RBKC, date(2012, 12, 31), "rbkc-2011", id="last day of opt-in"),
        pytest.param(RBKC, date(2013, 1, 1), "rbkc", id="first day of opt-out"),
        pytest.param("E08000019", date(2024, 6, 3), "sheffield", id="the city's old code"),
        pytest.param("E08000039", date(2026, 6, 3), "sheffield", id="the city's new code"),
        pytest.param("E08000039", date(2023, 6, 1), "england", id="before the place's own rules"),
        pytest.param("E06000001", date(2026, 6, 3), "england", id="no rules of its own"),
        pytest.param("W06000015", date(2026, 6, 3), "wales-active-offer", id="wales"),
    ],
)
def test_the_most_specific_policy_of_the_day_is_found(
    policies: Policies, authority: str, on: date, expected: str
) -> None:
    assert policies.for_(authority, on).id == expected


def test_an_authority_without_a_policy_is_refused_and_not_guessed(policies: Policies) -> None:
    with pytest.raises(UnknownPolicy) as unknown:
        policies.for_("S12000033", date(2026, 6, 3))
    assert isinstance(unknown.value, Refused)
    assert unknown.value.code == "policy-unknown"


def test_kensington_and_chelsea_2011_is_opt_in_with_a_parents_permission(
    policies: Policies,
) -> None:
    offer = policies.for_(RBKC, date(2011, 10, 3)).offer
    assert (offer.mode, offer.permission) == (OfferMode.OPT_IN, PermissionRule.PARENT)
    assert (offer.usual_age_from, offer.usual_age_to) == (7, 17)
    assert offer.kinds == (ConferenceKind.INITIAL, ConferenceKind.REVIEW)


def test_sheffield_explains_within_one_working_day(policies: Policies) -> None:
    assert policies.for_("E08000039", date(2026, 6, 3)).explain.within_working_days == 1


def test_a_policy_names_itself_by_id_and_first_day(policies: Policies) -> None:
    assert policies.for_(RBKC, date(2026, 6, 3)).reference == "rbkc@2013-01-01"


def test_the_policy_an_event_names_is_found_again(policies: Policies) -> None:
    assert policies.named("rbkc-2011@2011-09-13").offer.mode is OfferMode.OPT_IN
    with pytest.raises(UnknownPolicy):
        policies.named("rbkc-2011@2026-01-01")


def test_every_opt_out_policy_ends_its_ladder_with_an_act_of_the_provider(
    policies: Policies,
) -> None:
    standing = [one for one in policies.policies if one.offer.mode is OfferMode.OPT_OUT]
    assert standing
    assert {one.ladder[-1].act for one in standing} == {RungAct.INDEPENDENT_CONTACT}


def test_the_calendar_of_a_policy_knows_its_closures(policies: Policies) -> None:
    england = policies.for_("E06000001", date(2026, 6, 3))
    closed = dataclasses.replace(england, closures=(date(2026, 12, 29),))
    assert not policies.calendar(closed).is_working_day(date(2026, 12, 29))
    assert policies.calendar(england).is_working_day(date(2026, 12, 29))


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        pytest.param(
            "grace_working_days = 5",
            "",
            "place.toml: `grace_working_days` is missing.",
            id="key missing",
        ),
        pytest.param(
            'by = "social-worker"\n',
            'by = "social-worker"\nby_phone = true\n',
            "place.toml: `explain.by_phone` is not a key of a policy.",
            id="key unknown",
        ),
        pytest.param(
            "hour = 9",
            'hour = "9"',
            "place.toml: `reminders.hour` should be a valid integer.",
            id="text for a number",
        ),
        pytest.param(
            "hour = 9",
            "hour = 24",
            "place.toml: `reminders.hour` should be 0 to 23.",
            id="no such hour",
        ),
        pytest.param(
            'mode = "opt-out"',
            'mode = "opt-maybe"',
            "place.toml: `offer.mode` should be 'opt-out', 'opt-in' or 'active-offer'.",
            id="unknown code",
        ),
        pytest.param(
            'by = "social-worker"',
            'by = "socal-worker"',
            "place.toml: `explain.by` should be a role the code list knows.",
            id="role misspelt",
        ),
        pytest.param(
            'below_age = "discretionary"',
            'below_age = "usual"',
            "place.toml: `offer.below_age` should be "
            '"discretionary": no lower age excludes by itself.',
            id="no route below the usual age",
        ),
        pytest.param(
            'permission = "none"',
            'permission = "parent"',
            'place.toml: `effective_until` is needed where `offer.permission` is "parent".',
            id="permission without an end",
        ),
        pytest.param(
            'act = "independent-contact"',
            'act = "notify"',
            "place.toml: `ladder` should end, under opt-out, "
            'with "independent-contact" by "advocacy-provider".',
            id="last rung is no act",
        ),
        pytest.param(
            "share = 0.75",
            "share = 1.0",
            "place.toml: `ladder` should have its last rung before the conference: "
            "a `share` below 1.",
            id="last rung at the conference",
        ),
        pytest.param(
            "after_working_days = 5",
            "after_working_days = 9",
            "place.toml: `ladder` should rise: no rung earlier than the one before it.",
            id="ladder falls",
        ),
        pytest.param(
            "share_of_time_left = 0.25",
            "share_of_time_left = 25.0",
            "place.toml: `explain.share_of_time_left` should be more than 0 and not more than 1.",
            id="per cent for a share",
        ),
        pytest.param(
            "after_within_working_days = 5",
            "after_within_working_days = -5",
            "place.toml: `visits.after_within_working_days` should not be negative.",
            id="negative days",
        ),
        pytest.param(
            "lead_working_days = [7, 3, 1]",
            "lead_working_days = [1, 3, 7]",
            "place.toml: `reminders.lead_working_days` should fall, each lead once.",
            id="leads in the wrong order",
        ),
        pytest.param(
            '[objection_check]\nby = "advocacy-provider"',
            '[objection_check]\nby = "social-worker"',
            "place.toml: `objection_check.by` should be one of "
            "advocacy-provider, advocate, conference-chair, reviewing-officer.",
            id="objection checked by someone involved",
        ),
        pytest.param(
            'nation = "ENG"',
            'nation = "WLS"',
            "place.toml: `nation` should be that of E09000020.",
            id="another nation's holidays",
        ),
        pytest.param(
            RBKC,
            "Kensington",
            'place.toml: `authorities` should hold ONS codes, "*E", "*W" or "*S", '
            'which "Kensington" is not.',
            id="a name for a code",
        ),
        pytest.param(
            "usual_age_from = 5",
            "usual_age_from = 18",
            "place.toml: `offer.usual_age_from` and `usual_age_to` should rise from 0 to 17.",
            id="ages reversed",
        ),
        pytest.param(
            'kinds = ["initial", "review", "transfer-in", "pre-birth"]',
            "kinds = []",
            "place.toml: `offer.kinds` should name at least one kind of conference.",
            id="no kind",
        ),
        pytest.param(
            'id = "place"',
            'id = "A place"',
            "place.toml: `id` should be 2 to 41 lower-case letters, digits and hyphens.",
            id="id is no slug",
        ),
        pytest.param(
            "effective_from = 2018-01-01",
            "effective_from = 2018-01-01\neffective_until = 2017-01-01",
            "place.toml: `effective_until` should not be before `effective_from`.",
            id="ends before it begins",
        ),
    ],
)
def test_a_faulty_file_is_refused_in_one_sentence_naming_file_and_key(
    folder: Path, old: str, new: str, sentence: str
) -> None:
    add_place(folder, "place", (old, new))
    assert refusal(folder) == sentence


def test_every_fault_of_every_file_is_told_at_once(folder: Path) -> None:
    add_place(folder, "one", ("hour = 9", "hour = 24"))
    (folder / "two.toml").write_text("id = ", encoding="utf-8")
    assert [line.split(":")[0] for line in refusal(folder).splitlines()] == [
        "one.toml",
        "two.toml",
    ]


def test_two_policies_of_one_authority_may_not_overlap(folder: Path) -> None:
    add_place(folder, "early")
    add_place(folder, "late", ("2018-01-01", "2020-01-01"))
    assert refusal(folder) == (
        "late.toml: `effective_from` falls into the period early.toml has for E09000020."
    )


def test_two_policies_of_one_authority_may_follow_each_other(folder: Path) -> None:
    add_place(folder, "early", ("2018-01-01", "2018-01-01\neffective_until = 2019-12-31"))
    add_place(folder, "late", ("2018-01-01", "2020-01-01"))
    loaded = Policies.load(folder)
    assert loaded.for_(RBKC, date(2019, 12, 31)).id == "early"
    assert loaded.for_(RBKC, date(2020, 1, 1)).id == "late"


def test_two_files_may_not_name_the_same_policy(folder: Path) -> None:
    add_place(folder, "place", ('id = "place"', 'id = "england"'))
    assert refusal(folder) == (
        "place.toml: `id` and `effective_from` are those of england.toml too."
    )


def test_a_default_for_england_must_exist(tmp_path: Path) -> None:
    add_place(tmp_path, "place")
    assert '"*E"' in refusal(tmp_path)


def test_a_default_for_england_must_not_end(folder: Path) -> None:
    ending = ENGLAND.replace("2018-01-01\n", "2018-01-01\neffective_until = 2030-12-31\n")
    (folder / "england.toml").write_text(ending, encoding="utf-8")
    assert "without an `effective_until`" in refusal(folder)


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    assert refusal(tmp_path / "nowhere").startswith("ALONGSIDE_POLICIES: ")
