"""Makes an answer out of a template, and an error a person can read out of what went wrong."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, MutableMapping
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final

import jinja2
from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, RedirectResponse
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException

from services.chassis.errors import Fenced, NotYet, Refused, StoreUnavailable
from services.chassis.http import Problem, as_problem, problem_response
from services.chassis.web import wording
from services.chassis.web.assets import static
from services.contracts.local_time import spoken_hour

HERE = Path(__file__).parent
SERVICES = HERE.parent.parent

_TITLES: Final = {
    HTTPStatus.NOT_FOUND: "Page not found",
    HTTPStatus.CONFLICT: "This cannot be done now",
}


_MACROS: Final = "govuk_frontend_jinja"


class Environment(jinja2.Environment):
    """Ours is strict: a name a page was not given fails it; GOV.UK's macros live on absent ones."""

    def __init__(self, macros: jinja2.Environment, **options: Any) -> None:
        super().__init__(undefined=jinja2.StrictUndefined, autoescape=True, **options)
        self._macros = macros

    def get_template(
        self,
        name: str | jinja2.Template,
        parent: str | None = None,
        globals: MutableMapping[str, Any] | None = None,  # noqa: A002 - Jinja's own name
    ) -> jinja2.Template:
        """Find a template of ours, or one of GOV.UK's under its name."""
        if isinstance(name, str) and name.startswith(f"{_MACROS}/"):
            return self._macros.get_template(name)
        return super().get_template(name, parent, globals)


def _environment() -> Environment:
    """Find the frame here, and each service's own pages.

    Every service keeps its pages in `api/templates/<its name>/`: none can shadow another's.
    """
    macros = jinja2.Environment(
        loader=jinja2.PrefixLoader({_MACROS: jinja2.PackageLoader(_MACROS)}), autoescape=True
    )
    folders = [HERE / "templates", *sorted(SERVICES.glob("*/api/templates"))]
    environment = Environment(macros, loader=jinja2.FileSystemLoader(folders))
    environment.filters.update(
        words=wording.words,
        sentence=wording.sentence,
        remark=wording.remark,
        day=wording.day,
        short_day=wording.short_day,
        day_from=wording.day_from,
        hour=spoken_hour,
        moment=wording.moment,
        short_ref=wording.short_ref,
    )
    environment.globals.update(static=static, counted=wording.counted)
    return environment


ENVIRONMENT: Final = _environment()


def page(
    request: Request,
    template: str,
    *,
    status: int = HTTPStatus.OK,
    **context: object,
) -> HTMLResponse:
    """Render a page; `here` is its path, for the navigation."""
    html = ENVIRONMENT.get_template(template).render(
        here=request.url.path, status=status, **context
    )
    return HTMLResponse(html, status)


def see_other(address: str) -> RedirectResponse:
    """Send the browser to a page once a form was taken: re-loading then sends nothing twice."""
    return RedirectResponse(address, HTTPStatus.SEE_OTHER)


class PageRoute(APIRoute):
    """The route of pages: what goes wrong is said in a page, in words, and not in JSON."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Answer an error as a person reads it."""
        handle = super().get_route_handler()

        async def answer(request: Request) -> Response:
            try:
                return await handle(request)
            except (NotYet, Refused, Fenced, StoreUnavailable) as error:
                return _sorry(request, as_problem(error))
            except RequestValidationError:
                return _sorry(request, Problem(HTTPStatus.NOT_FOUND, "not-found", ""))
            except Problem as problem:
                return _sorry(request, problem)
            except HTTPException as error:
                return _sorry(request, Problem(error.status_code, "", ""))

        return answer


def nothing_there(request: Request, error: Exception) -> Response:
    """Say that there is nothing at an address: in a page to a browser, else as a problem."""
    problem = (
        error
        if isinstance(error, Problem)
        else Problem(HTTPStatus.NOT_FOUND, "not-found", "There is nothing at this address")
    )
    is_for_programs = request.url.path.startswith("/v1/")
    if is_for_programs or "text/html" not in request.headers.get("accept", ""):
        return problem_response(problem)
    return _sorry(request, problem)


def _sorry(request: Request, problem: Problem) -> HTMLResponse:
    """Say what went wrong; a reference that is not known yet looks like one that never was."""
    unknown = problem.code == "not_yet_known"
    status = HTTPStatus.NOT_FOUND if unknown else HTTPStatus(problem.status)
    title = _TITLES.get(status, "Sorry, there is a problem")
    return page(request, "sorry.html", status=status, title=title, detail=problem.title)
