"""What feedback is set up with, and what of that its handlers see."""

from dataclasses import dataclass
from pathlib import Path

from pydantic import Field

from services.chassis.settings import ChassisSettings
from services.chassis.vault import KeyFile, default_key_file


class FeedbackSettings(ChassisSettings):
    """Settings of feedback, beside those every service has."""

    feedback_key_file: Path | None = Field(
        default=None,
        description="Feedback's key file, where the advocacy provider keeps it elsewhere.",
    )

    @property
    def key_file(self) -> Path:
        """Where feedback's own key file is: whoever runs the rest need not hold it."""
        if self.feedback_key_file is not None:
            return self.feedback_key_file
        name = "feedback"
        return self.keys / f"{name}.key" if self.keys else default_key_file(name, self.data)


@dataclass(frozen=True, slots=True)
class Feedback:
    """What handlers find in `work.context`."""

    keys: KeyFile
