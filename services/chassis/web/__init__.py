"""What every page stands on: frame, macros, forms, static files, and what guards a browser."""

from services.chassis.web.acting import tried
from services.chassis.web.dress import dress
from services.chassis.web.forms import Mistake, Reader, Submitted, submitted
from services.chassis.web.pages import PageRoute, page, see_other

__all__ = [
    "Mistake",
    "PageRoute",
    "Reader",
    "Submitted",
    "dress",
    "page",
    "see_other",
    "submitted",
    "tried",
]
