"""The rows of the views that cross streams. A class is a table, a field a column.

`owner` is the journey's or the client's id whose rows they are: all rows of an owner are made anew
together, from the owner's whole stream. Days are dates; `version` is the stream's.
"""

from datetime import date, datetime
from typing import NamedTuple


class CaseRow(NamedTuple):
    """A journey in the caseload, as recorded now.

    `since` is the day the responsible person became so, `phase_since` the day the phase was
    entered. `next_due` is the day of the earliest open deadline and `next_deadline` its id;
    whether it is overdue is a question to the clock. `exempt` counts deadlines lifted.
    `is_open` is False where the journey is closed or declined. `handover_to` is the organisation
    that was asked to take over and has not answered yet.
    """

    owner: str
    client: str
    programme: str
    definition_version: int
    organisation: str
    status: str
    is_open: bool
    phase: str | None
    phase_since: date | None
    responsible: str | None
    responsible_organisation: str | None
    since: date | None
    next_deadline: str | None
    next_due: date | None
    exempt: int
    doubts: int
    last_event: str
    last_on: date
    last_recorded_at: datetime
    version: int
    position: int
    stale_since: datetime | None = None
    handover_to: str | None = None


class ReachRow(NamedTuple):
    """A key by which a journey can be reached, with what the lists under that key have.

    Not the keys that the case itself tells, the journey's own and its client's, unless it has no
    other; and keys of lists that nobody holds (`application.views.caseload.waiting_key`). `place`
    is the status and phase together (`place_of`): so a list of few among many is read from an
    index. `due` is `next_due`, or the last day there is where nothing is due. `client` is whose
    journey it is: of many clients it is asked at once who can be reached.
    """

    owner: str
    key: str
    is_open: bool
    programme: str
    place: str
    due: date
    phase_since: date
    client: str


class RecentRow(NamedTuple):
    """A key of `ReachRow` for the lists of what changed last.

    Apart, because every entry moves a journey in these lists, and few move it in the others.
    """

    owner: str
    key: str
    is_open: bool
    programme: str
    place: str
    position: int


def place_of(status: str, phase: str | None) -> str:
    """Return a status and phase as one word, as "paused/training"."""
    return f"{status}/{phase or ''}"


class DueRow(NamedTuple):
    """An open deadline of a journey; `due` None while a pause holds its clock."""

    owner: str
    deadline: str
    rule: str
    title_en: str
    title_local: str
    basis: str
    organisation: str
    responsible: str | None
    opened_on: date
    due: date | None


class DueReachRow(NamedTuple):
    """A key of scope, as in `ReachRow`, by which an open deadline can be reached."""

    owner: str
    key: str
    deadline: str
    due: date


class ClientRow(NamedTuple):
    """A client in the register, with folded names (small letters, no accents) to sort by.

    `registered_by` is the organisation that registered the person: it sees the client before there
    is a journey. `goes_by` is the id that the person goes by where there are several (the own one,
    where others were merged into it), else None. `folded_id` is the local id to look for.
    """

    owner: str
    given_name: str | None
    family_name: str | None
    sorted_name: str
    born: date | None
    local_id: str | None
    municipality: str | None
    language: str | None
    registered_on: date
    registered_by: str
    version: int
    position: int
    goes_by: str | None = None
    folded_id: str | None = None


class MergeRow(NamedTuple):
    """That a client's id was merged into another, by which the person goes since."""

    owner: str
    surviving: str


class NameRow(NamedTuple):
    """A word of a client's name, folded, or two neighbouring ones as one, to search by.

    `person` is the id that the person goes by where there are several, else None: by it all words
    are found together that were told of a person under any id.
    """

    owner: str
    word: str
    person: str | None = None


class PairRow(NamedTuple):
    """Two words of a client's name in the order of letters, "aino makinen", to search by both."""

    owner: str
    words: str


class SpanRow(NamedTuple):
    """A time in which a journey stood in one place: from `since` until `until` (not included).

    As it happened, corrections applied. `standing` is a phase, or "referred", "waiting", "paused",
    "closed", "declined"; "referred" waits to be accepted, "waiting" for the first phase.
    `came_from` and `went_to` name the organisation before and after where it was another, and
    between two spans of ends, where nobody comes or leaves. The journey's first span has the number
    1, its last no `until`. `phase_since` is the day on which the phase was entered, None where the
    standing is no phase.
    """

    owner: str
    number: int
    programme: str
    organisation: str
    standing: str
    since: date
    until: date | None
    phase_since: date | None
    came_from: str | None
    went_to: str | None


class ObligationRow(NamedTuple):
    """A deadline of a journey with its fate: overdue on a day between `due` and `settled_on`.

    It counts from `opened_on`: the day it opened, or that from which on it is as it says, where it
    was put off or opened anew. Until then another row of it says how it was.
    """

    owner: str
    deadline: str
    programme: str
    organisation: str
    opened_on: date
    due: date | None
    settled_on: date | None


class ReadingRow(NamedTuple):
    """That an entry of the log, at `position`, has readings under a key, or two that go together.

    The keys are whose data were read, or who read it: "client:c-1" and "journey:j-1", "person:p-1"
    and "organisation:oulu". Where there is only one, `also` is "". The owner is the spool that they
    were noted in.
    """

    owner: str
    key: str
    also: str
    position: int


class ResponsibilityRow(NamedTuple):
    """Who was responsible for a journey, from a day until another (not included)."""

    owner: str
    number: int
    client: str
    programme: str
    person: str | None
    organisation: str
    since: date
    until: date | None


class OnceRow(NamedTuple):
    """A key that a journey once had by what was recorded, and that its responsibility does not say.

    What was put right since leaves one, and who had the journey for less than a day. The key is
    "worker:p-1", "responsible:oulu" or "programme:askel", as in `ReachRow`.
    """

    owner: str
    key: str
