"""The processes of referral: `python -m services.referral worker | api | migrate`."""

from services.chassis.main import main
from services.referral.app import build
from services.referral.settings import ReferralSettings

if __name__ == "__main__":
    main(build, ReferralSettings)
