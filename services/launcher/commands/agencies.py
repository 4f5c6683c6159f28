"""`alongside agency | agreement`: partner agencies, their keys, and what each may see."""

from datetime import date, datetime
from typing import Annotated, Any

import typer

from services.chassis.errors import NotYet, Refused
from services.contracts.codes import LegalBasis, SharingPurpose
from services.exchange.domain.agreement import Agency, Agreement, Identifier
from services.exchange.domain.authorities import is_of_today
from services.launcher.commands.running import Data, installed
from services.launcher.commands.saying import AsJson, as_json, first_fault, one_sentence, out, table

AGENCY = typer.Typer(no_args_is_help=True, help="Partner agencies and the keys to their feeds.")
KEY = typer.Typer(no_args_is_help=True, help="The keys to an agency's feed: shown once.")
AGREEMENT = typer.Typer(no_args_is_help=True, help="What each agency may see, and until when.")
AGENCY.add_typer(KEY, name="key")

Ref = Annotated[str, typer.Argument(help="Short name of the agency, e.g. nhs-example.")]
Day = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="YYYY-MM-DD.")]


@AGENCY.command("add")
def add(
    agency_ref: Ref, name: Annotated[str, typer.Option(help="Its name.")], data: Data = None
) -> None:
    """Add an agency, or give a known one another name."""
    from services.exchange.api.bodies import AgencyBody
    from services.exchange.handlers import agencies

    def act(work: Any) -> Agency:
        given = AgencyBody(agency_ref=agency_ref, name=name)
        return agencies.add_agency(work, given.agency_ref, given.name)

    agency: Agency = _run(data, act)
    out.print(f"{agency.agency_ref}: {agency.name}", highlight=False)


@AGENCY.command("list")
def show_agencies(data: Data = None, *, json: AsJson = False) -> None:
    """List the agencies."""
    from services.exchange.storage.repositories import AGENCIES

    found: list[Agency] = _read(data, lambda work: work.load(AGENCIES, AGENCIES.table.select()))
    rows = [(a.agency_ref, a.name, a.status, _until(a.agreement)) for a in found]
    columns = ("agency_ref", "name", "status", "agreement until")
    if json:
        as_json([dict(zip(columns, row, strict=True)) for row in rows])
    else:
        table(columns, rows)


@KEY.command("create")
def create(agency_ref: Ref, data: Data = None) -> None:
    """Make a key to an agency's feed; it is shown this once."""
    from services.exchange.handlers import agencies

    _show_key(_run(data, lambda work: agencies.create_key(work, agency_ref)))


@KEY.command("rotate")
def rotate(agency_ref: Ref, data: Data = None) -> None:
    """Make another key beside the live one, so that the agency can change over without a gap."""
    from services.exchange.handlers import agencies

    _show_key(_run(data, lambda work: agencies.rotate_key(work, agency_ref)))


@AGREEMENT.command("add")
def agree(  # noqa: PLR0913, PLR0917  (an agreement has this many terms)
    agency_ref: Ref,
    event: Annotated[list[str], typer.Option(help="An event it may see, e.g. offer.made.")],
    authority: Annotated[list[str], typer.Option(help="An authority whose children it knows.")],
    purpose: Annotated[SharingPurpose, typer.Option(help="What for.")],
    legal_basis: Annotated[LegalBasis, typer.Option(help="On what basis.")],
    until: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="Its last day.")],
    since: Day = None,
    field: Annotated[
        list[str] | None, typer.Option(help="entity:field it may see; none = the usual ones.")
    ] = None,
    resolve: Annotated[
        list[Identifier] | None, typer.Option(help="What it may learn about a child it asks for.")
    ] = None,
    data: Data = None,
) -> None:
    """Agree with an agency on what it may see; the agreement before it ends."""
    from services.exchange.api.bodies import AgreementBody
    from services.exchange.handlers import agencies

    def act(work: Any) -> Agreement:
        given = AgreementBody(
            agency_ref=agency_ref,
            events=tuple(event),
            fields=_fields(field or []),
            purpose=purpose,
            legal_basis=legal_basis,
            authorities=tuple(authority),
            starts_on=since.date() if since else work.today,
            expires_on=until.date(),
            resolve=tuple(resolve or ()),
        )
        return agencies.add_agreement(work, given.agency_ref, given.as_domain())

    before: list[Agreement] = _live(data, agency_ref)
    made: Agreement = _run(data, act)
    out.print(f"{made.agreement_ref} until {made.terms.expires_on}", highlight=False)
    for ended in before:
        out.print(f"Ended for it: {ended.agreement_ref}", highlight=False)
    for code in made.terms.authorities:
        if not is_of_today(code):
            out.print(f"{code} is no authority that is known here: check it", highlight=False)


@AGREEMENT.command("end")
def end(agreement_ref: str, data: Data = None) -> None:
    """End an agreement: from now on nothing more is delivered under it."""
    from services.exchange.handlers import agencies

    _run(data, lambda work: agencies.end_agreement(work, agreement_ref))
    out.print("Ended.")


@AGREEMENT.command("list")
def show_agreements(data: Data = None, *, json: AsJson = False) -> None:
    """List all agreements, ended ones too."""
    from pydantic import TypeAdapter

    from services.exchange.storage.repositories import AGREEMENTS

    found: list[Agreement] = _read(
        data, lambda work: work.load(AGREEMENTS, AGREEMENTS.table.select())
    )
    if json:
        as_json(TypeAdapter(list[Agreement]).dump_python(found, mode="json"))
        return
    columns = ("agreement", "agency", "status", "from", "until", "purpose", "events")
    rows = [
        (a.agreement_ref, a.agency_ref, a.status, a.terms.starts_on, a.terms.expires_on,
         a.terms.purpose, ", ".join(a.terms.events))
        for a in found
    ]  # fmt: skip
    table(columns, rows)


def _live(data: object, agency_ref: str) -> list[Agreement]:
    from services.exchange.storage.queries import live_agreements

    live: list[Agreement] = _read(data, live_agreements)
    return [one for one in live if one.agency_ref == agency_ref]


def _run(data: object, act: Any) -> Any:
    from pydantic import ValidationError

    from services.launcher.desks import desk

    with one_sentence(), desk("exchange", installed(data)) as exchange:
        try:
            return exchange.run(act)
        except NotYet as missing:
            raise Refused("unknown", f"there is none: {missing.prerequisite}") from None
        except ValidationError as error:
            raise Refused("invalid", first_fault(error)) from None


def _show_key(made: Any) -> None:
    """Print the key alone, for whoever pipes it, and say beside it what ended."""
    typer.echo(made.shown)
    for beginning in made.ended:
        typer.echo(f"At most two keys are live: the one that begins {beginning} ended.", err=True)


def _read(data: object, query: Any) -> Any:
    from services.launcher.desks import desk

    with one_sentence(), desk("exchange", installed(data)) as exchange:
        return exchange.read(query)


def _fields(given: list[str]) -> dict[str, tuple[str, ...]]:
    fields: dict[str, tuple[str, ...]] = {}
    for one in given:
        entity, _, name = one.partition(":")
        if not name:
            raise typer.BadParameter(f"{one}: write entity:field, e.g. offer:status")
        fields[entity] = (*fields.get(entity, ()), name)
    return fields


def _until(agreement: Agreement | None) -> date | None:
    return agreement.terms.expires_on if agreement else None
