"""Before a command shows what is held of clients, it records that it does."""

from collections.abc import Iterable
from getpass import getuser
from uuid import uuid4

from application.of_whom import Read, besides, of_whom
from application.office import Office
from application.operating import OPERATION, Operator, record_reading
from application.scope import Purpose
from domain.journey.history import History, JourneyEntry
from interfaces import bootstrap
from interfaces.cli.terminal import Refused


def note_reading(office: Office, what: str, read: Iterable[Read], purpose: str = OPERATION) -> None:
    """Record the reading of those about to be shown. Raises NotNoted, Refused, BadSetting."""
    record_reading(office.log, _operator(), what, purpose, of_whom(office, read))


def note_entries(
    office: Office,
    what: str,
    journey: str,
    history: History,
    entries: Iterable[JourneyEntry],
    *also: str | None,
    purpose: str = Purpose.AUDIT,
) -> None:
    """Record the reading of entries of a journey, and of ids `also`, shown beside them.

    Raises what `note_reading` raises.
    """
    read = [(history.journey.client or None, journey)]
    note_reading(office, what, [*read, *besides(journey, history, entries, *also)], purpose)


def _operator() -> Operator:
    """Return who runs this command, under an id of its own."""
    given = bootstrap.settings()
    person = given.operator or _user()
    return Operator(person, given.operator_organisation or "", uuid4().hex)


def _user() -> str:
    try:
        return getuser()
    except (ImportError, KeyError, OSError) as error:  # no name belongs to the user's number
        raise Refused(
            "nobody can tell who reads this, so nothing is shown: say who you are in POLKU_OPERATOR"
        ) from error
