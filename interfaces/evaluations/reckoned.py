"""The moment of what is reckoned journey by journey: today where no day is named."""

from application.evaluation.reckoning import Asking, definition_asked
from application.journeys import Office
from application.local_time import instant_meant, zone_of
from interfaces.evaluations.reading import OfJourneys


def asking(office: Office, of: OfJourneys) -> Asking:
    """Return what is asked, with the day and the instant meant. Raises NotPublished."""
    definition, day = definition_asked(office, Asking(of.programme, of.as_at))
    return Asking(of.programme, day, instant_meant(of.known_at, zone_of(definition)))
