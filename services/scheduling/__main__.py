"""`python -m services.scheduling worker | api | migrate`."""

from services.chassis.main import main
from services.scheduling.app import build
from services.scheduling.settings import SchedulingSettings

main(build, SchedulingSettings)
