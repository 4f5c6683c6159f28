"""What a page or route of feedback asks for: the desk, a command on it, the form sent."""

from collections.abc import Callable
from typing import Annotated, TypeAlias

from fastapi import Depends

from services.chassis.desk import Desk
from services.chassis.http import Command, command_of, desk_of
from services.chassis.web import Submitted, submitted
from services.chassis.work import Work
from services.feedback.settings import Feedback

FeedbackDesk: TypeAlias = Annotated[Desk[Feedback], Depends(desk_of("feedback"))]
FeedbackCommand: TypeAlias = Annotated[Command[Feedback], Depends(command_of("feedback"))]
Form: TypeAlias = Annotated[Submitted, Depends(submitted)]
Act: TypeAlias = Callable[[Work[Feedback]], object]
