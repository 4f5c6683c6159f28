"""`python -m services.reporting worker | api | migrate`."""

from services.chassis.main import main
from services.reporting.app import build
from services.reporting.settings import ReportingSettings

main(build, ReportingSettings)
