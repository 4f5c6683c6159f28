"""How scheduling's routes and pages reach its rules and its data."""

from typing import Annotated, TypeAlias

from fastapi import Depends

from services.chassis.desk import Desk
from services.chassis.http import Command, command_of, desk_of
from services.chassis.web import Submitted, submitted
from services.scheduling.settings import Scheduling

SchedulingDesk: TypeAlias = Annotated[Desk[Scheduling], Depends(desk_of("scheduling"))]
SchedulingCommand: TypeAlias = Annotated[Command[Scheduling], Depends(command_of("scheduling"))]
Form: TypeAlias = Annotated[Submitted, Depends(submitted)]
