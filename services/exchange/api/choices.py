"""The choices of the exchange's forms, in the words of the page."""

from typing import Final

from services.contracts.codes import (
    AdjournedBecause,
    CancelledBecause,
    ConferenceKind,
    MeetingFormat,
    Need,
    Voice,
    YesNo,
)
from services.exchange.api.participation_form import LATER
from services.exchange.domain.contact import ContactPerson, ContactSafety

KINDS: Final = (
    (ConferenceKind.INITIAL, "Initial conference"),
    (ConferenceKind.REVIEW, "Review conference"),
    (ConferenceKind.TRANSFER_IN, "Transfer from another authority"),
    (ConferenceKind.PRE_BIRTH, "Conference before a birth"),
)

FORMATS: Final = (
    (MeetingFormat.IN_PERSON, "In one room"),
    (MeetingFormat.REMOTE, "By video or telephone"),
    (MeetingFormat.HYBRID, "Some in the room, some by video"),
    (MeetingFormat.UNKNOWN, "Not known yet"),
)

NEEDS: Final = (
    (Need.INTERPRETER, "An interpreter"),
    (Need.EASY_READ, "Easy read"),
    (Need.PICTURES, "Pictures or symbols"),
    (Need.BSL, "British Sign Language"),
    (Need.MAKATON, "Makaton"),
    (Need.HEARING, "Help with hearing"),
    (Need.VISION, "Help with seeing"),
    (Need.SPEECH, "Help with speaking"),
    (Need.AUTISM, "Somebody who knows about autism"),
    (Need.LEARNING, "Somebody who knows about learning disability"),
    (Need.MOBILITY, "Help with moving about"),
    (Need.OTHER, "Something else"),
)

YES_NO: Final = ((YesNo.YES, "Yes"), (YesNo.NO, "No"), (YesNo.UNKNOWN, "Not known"))
YES_OR_NO: Final = YES_NO[:2]

SAFETIES: Final = (
    (ContactSafety.SAFE, "Yes, somebody has confirmed it"),
    (ContactSafety.ASK_FIRST, "Ask the social worker first"),
    (ContactSafety.UNSAFE, "No"),
    (ContactSafety.UNKNOWN, "Not known"),
)

CONTACT_PEOPLE: Final = (
    ("", ""),
    (ContactPerson.CHILD, "The child"),
    (ContactPerson.PARENT, "A parent"),
    (ContactPerson.CARER, "A carer"),
    (ContactPerson.OTHER, "Somebody else"),
)

ADJOURNED: Final = (
    (AdjournedBecause.QUORUM, "Too few agencies were there"),
    (AdjournedBecause.REPORTS_MISSING, "Reports are missing"),
    (AdjournedBecause.INTERPRETER, "There is no interpreter"),
    (AdjournedBecause.FAMILY, "The family cannot come"),
    (AdjournedBecause.CHILD, "The child cannot come, or asked for another day"),
    (AdjournedBecause.ADVOCATE, "The advocate cannot come"),
    (AdjournedBecause.WEATHER, "The weather"),
    (AdjournedBecause.OTHER, "Another reason"),
)

CANCELLED: Final = (
    (CancelledBecause.NOT_NEEDED, "It is not needed any more"),
    (CancelledBecause.THRESHOLD_NOT_MET, "The threshold is not met"),
    (CancelledBecause.PROCEEDINGS, "Court proceedings have begun"),
    (CancelledBecause.EMERGENCY_PROTECTION, "Emergency protection"),
    (CancelledBecause.LOOKED_AFTER, "The child has become looked after"),
    (CancelledBecause.MOVED, "The family has moved away"),
    (CancelledBecause.DIED, "The child has died"),
    (CancelledBecause.ERROR, "It was entered by mistake"),
)

CANCELLED_FOR_CHILD: Final = (
    (CancelledBecause.REMOVED, "This child is not part of it any more"),
    *CANCELLED,
)

PRESENCES: Final = (
    ("in-person", "Yes, in the room"),
    ("remote", "Yes, by video or telephone"),
    ("did-not-attend", "No"),
    ("not-invited", "No, and was not invited"),
)

PRESENCES_OR_LATER: Final = (
    *PRESENCES,
    (LATER, "I record this child later", "Leave the questions below empty for now."),
)

VOICES: Final = (
    (Voice.SELF, "The child spoke"),
    (Voice.ADVOCATE, "An advocate spoke for the child"),
    (Voice.SUPPORTER, "Somebody else the child chose spoke"),
    (Voice.SYMBOLIC, "The child used symbols or signs"),
    (Voice.LETTER, "In a letter"),
    (Voice.TEXT, "In a text message"),
    (Voice.AUDIO, "As a recording"),
    (Voice.VIDEO, "As a video"),
    (Voice.DRAWING, "As a drawing"),
    (Voice.OTHER_MEDIUM, "In another way"),
    (Voice.NONE, "Not at all"),
    (Voice.NOT_RECORDED, "Not recorded"),
)

LANGUAGES: Final = (
    ("und", "Not known"),
    ("en", "English"),
    ("bfi", "British Sign Language"),
    ("sq", "Albanian"),
    ("am", "Amharic"),
    ("ar", "Arabic"),
    ("bn", "Bengali"),
    ("bg", "Bulgarian"),
    ("zh", "Chinese"),
    ("cs", "Czech"),
    ("prs", "Dari"),
    ("fr", "French"),
    ("gu", "Gujarati"),
    ("hi", "Hindi"),
    ("hu", "Hungarian"),
    ("it", "Italian"),
    ("ku", "Kurdish"),
    ("lv", "Latvian"),
    ("lt", "Lithuanian"),
    ("ps", "Pashto"),
    ("fa", "Persian (Farsi)"),
    ("pl", "Polish"),
    ("pt", "Portuguese"),
    ("pa", "Punjabi"),
    ("ro", "Romanian"),
    ("ru", "Russian"),
    ("sk", "Slovak"),
    ("so", "Somali"),
    ("es", "Spanish"),
    ("sw", "Swahili"),
    ("ta", "Tamil"),
    ("ti", "Tigrinya"),
    ("tr", "Turkish"),
    ("uk", "Ukrainian"),
    ("ur", "Urdu"),
    ("vi", "Vietnamese"),
    ("cy", "Welsh"),
    ("yo", "Yoruba"),
)
"""The languages most often met, by ISO 639 code; the file and the API take every other."""
