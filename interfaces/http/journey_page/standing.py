"""Where a journey stands: its definition, its phases, who answers for it, and how it ended."""

from collections.abc import Callable
from datetime import date

from application.case_file import CaseFile
from domain.definition import DESTINATIONS
from domain.journey.state import Journey, Stay
from domain.wording import titled
from interfaces.http import journey_models as m
from interfaces.http.speaking import Speaking


def definition(case: CaseFile, say: Speaking) -> m.DefinitionTold:
    """Return the definition that the journey is under."""
    journey, definition = case.journey, case.definition
    code = definition.programme if definition else journey.programme
    title = say.text(titled(definition.title)) if definition else code
    return m.DefinitionTold.model_construct(
        programme=m.Coded.model_construct(code=code, title=title),
        version=definition.version if definition else journey.definition_version,
        published=definition is not None,
        effective_from=definition.effective_from if definition else None,
    )


def responsible(journey: Journey, say: Speaking) -> m.Answering | None:
    """Return who answers for the journey."""
    one = journey.responsible
    return one and m.Answering.model_construct(
        person=one.person,
        organisation=say.title("organisation", one.organisation),
        since=one.since,
        entry=one.entry,
    )


def phase(stay: Stay, until: date, say: Speaking) -> m.Standing:
    """Return a phase, with its days until a day."""
    coded = say.title("phase", stay.phase.value)
    return m.Standing.model_construct(
        code=coded.code,
        title=coded.title,
        since=stay.since,
        days=(until - stay.since).days,
        entry=stay.entry,
    )


def phases(stays: tuple[Stay, ...], day: date, say: Speaking) -> list[m.Standing]:
    """Return the phases in order, each until the next or the day."""
    ends = [stay.since for stay in stays[1:]] + [day]
    return [phase(stay, end, say) for stay, end in zip(stays, ends, strict=True)] if stays else []


def closing(journey: Journey, say: Speaking) -> m.ClosingTold | None:
    """Return how the journey ended."""
    one = journey.closing
    if one is None:
        return None
    known: Callable[[str, str], m.Coded] = (
        say.code if one.destination in DESTINATIONS else say.title
    )
    return m.ClosingTold.model_construct(
        on=one.on,
        end_state=say.title("end-state", one.end_state),
        destination=known("destination", one.destination),
        entry=one.entry,
    )
