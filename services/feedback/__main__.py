"""`python -m services.feedback worker | api | migrate`."""

from services.chassis.main import main
from services.feedback.app import build
from services.feedback.settings import FeedbackSettings

main(build, FeedbackSettings)
