"""`python -m services.exchange worker | api | migrate`."""

from services.chassis.main import main
from services.exchange.app import build
from services.exchange.settings import ExchangeSettings

main(build, ExchangeSettings)
