"""Telling the rows of a caseload, with the titles of their definitions."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial

from application.acts import named
from application.case_file import open_doubts, see
from application.caseload_at import CaseAt
from application.disclosure import ALWAYS, WHOLE, is_gated
from application.of_whom import Read
from application.office import KIND, journey_of
from application.questions import CaseFound
from application.sentences.words import Words, words_of
from application.views.caseload import asked_to_take
from application.views.rows import CaseRow, ClientRow
from domain.data_kinds import KIND_OF, DataKind
from domain.entry import event_name
from domain.journey.events import DecisionReviewed, EntryRetracted
from domain.journey.state import BEFORE
from domain.wording import Tongue, in_language, in_words, titled
from interfaces.http.caseload_models import CaseTold, LastEntry, NextDeadline
from interfaces.http.clocks import Clocks
from interfaces.http.context import Here
from interfaces.http.journey_models import ClientLink, Coded
from interfaces.http.reading import Definitions, tongue_of
from interfaces.http.withheld import doubts_shown

_KINDS = {
    event_name(event): kind
    for event, kind in KIND_OF.items()
    if event not in (EntryRetracted, DecisionReviewed)
}
"""The kinds of data of entries that tell it by their name; of others it hangs on what they are of.
"""


def link_of(found: CaseFound) -> ClientLink:
    """Return the client of a journey in a few words."""
    return client_link(found.case.client, found.client)


def client_link(client: str, known: ClientRow | None) -> ClientLink:
    """Return a client of the register in a few words."""
    return ClientLink(
        id=client,
        given_name=known.given_name if known else None,
        family_name=known.family_name if known else None,
        born=known.born if known else None,
        goes_by=known.goes_by if known and known.goes_by != client else None,
    )


def of_last(
    cases: Iterable[CaseRow], kinds: Collection[DataKind] = ALWAYS
) -> dict[str, frozenset[DataKind]]:
    """Return the kinds that rows tell with their newest entry, by the id of the journey."""
    return {
        case.owner: frozenset({*kinds, _KINDS.get(case.last_event, DataKind.COURSE)})
        for case in cases
    }


NOW = Clocks()
"""No other moment than now."""

NO_PROGRAMME = ("", 0)
"""What a journey is under that was never referred, as one that another system told of."""


class _Titles(dict[tuple[str, str], Coded]):
    """Codes of one definition with their titles, by kind and code: each is said once."""

    def __init__(self, words: Words, programme: Coded, today: date) -> None:
        super().__init__()
        self._words, self.programme, self.today = words, programme, today

    def text(self, text: str) -> str:
        """Return a text of the definition in the language."""
        return self._words.text(text)

    def __missing__(self, key: tuple[str, str]) -> Coded:
        title = self._words.title(*key)
        known = self[key] = Coded.model_construct(code=key[1], title=title)
        return known


class _Codes(dict[tuple[str, str], Coded]):
    """Codes of Polku's own in words, by kind and code."""

    def __init__(self, tongue: Tongue) -> None:
        super().__init__()
        self._tongue = tongue

    def __missing__(self, key: tuple[str, str]) -> Coded:
        title = in_language(in_words(*key), self._tongue)
        known = self[key] = Coded.model_construct(code=key[1], title=title)
        return known


@dataclass(slots=True)
class Telling:
    """Tells the rows of one list, with the titles of their definitions."""

    here: Here
    clocks: Clocks = NOW
    definitions: Definitions = field(init=False)
    _tongue: Tongue = field(init=False)
    _codes: _Codes = field(init=False)
    _titles: dict[tuple[str, int], _Titles] = field(default_factory=dict)
    _slips: dict[str, tuple[str, int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Look up each definition, and say each code, once."""
        self.definitions = Definitions(self.here)
        self._tongue = tongue_of(self.here)
        self._codes = _Codes(self._tongue)

    def note(self, cases: Sequence[CaseRow]) -> None:
        """Note that the clients of the list are about to be read."""
        self.note_as("caseload", cases, of_last(cases))

    def note_at(self, found: Iterable[CaseAt]) -> None:
        """Note the same of a list of another moment.

        A journey that was said to be another's then is read of both, of whom it is now as well.
        """
        cases = [one.case if one.is_its_own else one.case._replace(client="") for one in found]
        others = [one.case for one in found if one.case.client and not one.is_its_own]
        beside = [(case.client, case.owner) for case in others]
        self.note_as("caseload", cases, of_last(cases), beside=beside)

    def note_as(
        self,
        what: str,
        cases: Iterable[CaseRow],
        kinds: Mapping[str, Collection[DataKind]] | None = None,
        *,
        beside: Iterable[Read] = (),
    ) -> None:
        """Note that the clients of these journeys are about to be read in an answer.

        `kinds` as `Here.note_readings` takes them; `beside` are those of whom it tells in a journey
        that is not theirs.
        """
        told = {case.owner: case for case in cases}.values()
        self.here.look_up(told)
        self._look_up_slips(case.owner for case in told if not case.programme)
        read = [(case.client or None, case.owner) for case in told]
        self.here.note_readings(what, read, kinds, beside=beside)

    def case(self, case: CaseRow, client: ClientLink, day: date | None = None) -> CaseTold:
        """Return a row as it is told, seen from the day (today)."""
        titles, codes, since = self._titles_of(case), self._codes, case.phase_since
        day = day or titles.today
        last = self._last(case)
        return CaseTold(
            journey=case.owner,
            version=case.version,
            client=client if case.client else None,
            programme=titles.programme if case.programme else None,
            organisation=titles["organisation", case.organisation],
            status=codes["status", case.status],
            is_open=case.is_open,
            phase=titles["phase", case.phase] if case.phase else None,
            phase_since=since,
            phase_days=(day - since).days if since else None,
            responsible=case.responsible,
            responsible_since=case.since,
            handover_to=titles["organisation", case.handover_to] if case.handover_to else None,
            waiting=[titles["organisation", code] for code in sorted(asked_to_take(case))],
            next_deadline=_deadline(case, titles, day),
            exempt=case.exempt,
            reviews=self._reviews(case),
            last=last,
            day=day,
            stale_since=case.stale_since,
            withheld=[] if last else ["last"],
        )

    def _reviews(self, case: CaseRow) -> int:
        """Return how many decisions wait for review, of those that the journey's page tells."""
        if not case.doubts or not is_gated(self.here.scope):
            return case.doubts
        self.here.look_up([case])
        shown = self.here.shown(case.owner)
        if shown == WHOLE:
            return case.doubts
        office, at = self.here.office, self.clocks
        seen = see(office, case.owner, as_at=at.as_at, known_at=at.known_at)
        return len(doubts_shown(open_doubts(office, seen), seen.known, shown))

    def _last(self, case: CaseRow) -> LastEntry | None:
        """Return the newest entry, None where it is of a kind that is withheld."""
        kind = _KINDS.get(case.last_event)
        if kind is not DataKind.COURSE and is_gated(self.here.scope):
            self.here.look_up([case])
            shown = self.here.shown(case.owner)
            if not (shown.has(kind) if kind else shown == WHOLE):
                return None
        return LastEntry(
            kind=case.last_event,
            title=self._codes["event", case.last_event].title,
            occurred_on=case.last_on,
            recorded_at=case.last_recorded_at,
        )

    def title(self, case: CaseRow, kind: str, code: str) -> Coded:
        """Return a code of the journey's definition with its title."""
        return self._titles_of(case)[kind, code]

    def ground(self, case: CaseRow, basis: str) -> str:
        """Return why something of a journey is due."""
        return self._titles_of(case).text(basis)

    def programme(self, case: CaseRow) -> Coded:
        """Return the programme of a journey with its title."""
        return self._titles_of(case).programme

    def _titles_of(self, case: CaseRow) -> _Titles:
        key = self._under(case)
        known = self._titles.get(key)
        if known is None:
            code, definition = key[0], self.definitions.of(*key)
            others = partial(self.here.office.programmes.versions, code)
            words = words_of(definition, BEFORE, self._tongue, others)
            title = (
                code if definition is None else in_language(titled(definition.title), self._tongue)
            )
            programme = Coded.model_construct(code=code, title=title)
            known = self._titles[key] = _Titles(words, programme, self.definitions.today(*key))
        return known

    def _under(self, case: CaseRow) -> tuple[str, int]:
        """Return the programme and the version by which a journey is told.

        One whose referral was retracted is told as its page tells it: by what it was referred to.
        """
        if case.programme:
            return case.programme, case.definition_version
        if case.owner not in self._slips:
            self._look_up_slips([case.owner])
        return self._slips[case.owner]

    def _look_up_slips(self, journeys: Iterable[str]) -> None:
        """Look up together to what journeys were referred whose referral was retracted.

        Of one that cannot be read nobody knows it.
        """
        streams = {one: named(KIND, one) for one in journeys}
        found = self.here.office.histories.readable_of(streams.values())
        under = {stream: journey_of(history) for stream, history in found.items()}
        self._slips |= {one: under.get(stream) or NO_PROGRAMME for one, stream in streams.items()}


def _deadline(case: CaseRow, titles: _Titles, day: date) -> NextDeadline | None:
    due = case.next_due
    if case.next_deadline is None or due is None:
        return None
    rule = case.next_deadline.partition("/")[0]
    return NextDeadline(
        id=case.next_deadline,
        title=titles["deadline", rule].title,
        due=due,
        days_left=(due - day).days,
        overdue=due < day,
    )
