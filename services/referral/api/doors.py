"""How referral's pages reach its desk, its commands and what was filled in."""

from typing import Annotated, TypeAlias

from fastapi import Depends

from services.chassis.desk import Desk
from services.chassis.http import Command, command_of, desk_of
from services.chassis.web import Submitted, submitted
from services.referral.settings import Referral

ReferralDesk: TypeAlias = Annotated[Desk[Referral], Depends(desk_of("referral"))]
ReferralCommand: TypeAlias = Annotated[Command[Referral], Depends(command_of("referral"))]
Form: TypeAlias = Annotated[Submitted, Depends(submitted)]
