"""Telling the rows of a caseload, with the titles of their definitions."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date
from typing import Any

from application.questions import CaseFound
from application.sentences.words import Words, words_of
from application.views.caseload import asked_to_take
from application.views.rows import CaseRow, ClientRow
from domain.journey.state import BEFORE
from domain.wording import Tongue, in_language, in_words, titled
from interfaces.http.caseload_models import CaseTold, LastEntry, NextDeadline
from interfaces.http.context import Here
from interfaces.http.journey_models import ClientLink, Coded
from interfaces.http.reading import Definitions, tongue_of


def link_of(found: CaseFound) -> ClientLink:
    """Return the client of a journey in a few words."""
    return client_link(found.case.client, found.client)


def client_link(client: str, known: ClientRow | None) -> ClientLink:
    """Return a client of the register in a few words."""
    return ClientLink.model_construct(
        id=client,
        given_name=known.given_name if known else None,
        family_name=known.family_name if known else None,
        born=known.born if known else None,
    )


@dataclass(slots=True)
class Telling:
    """Tells the rows of one list, with the titles of their definitions."""

    here: Here
    definitions: Definitions = field(init=False)
    _tongue: Tongue = field(init=False)
    _words: dict[tuple[str, int], Words] = field(default_factory=dict)
    _coded: dict[tuple[Any, ...], Coded] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Look up each definition, and say each code, once."""
        self.definitions = Definitions(self.here)
        self._tongue = tongue_of(self.here)

    def note(self, cases: Iterable[CaseRow]) -> None:
        """Note that the clients of the list are about to be read."""
        read = [(case.client or None, case.owner) for case in cases]
        self.here.note_readings("caseload", read)

    def case(self, case: CaseRow, client: ClientLink, day: date | None = None) -> CaseTold:
        """Return a row as it is told, seen from the day (today)."""
        day = day or self.definitions.today(case.programme, case.definition_version)
        return CaseTold.model_construct(
            journey=case.owner,
            version=case.version,
            client=client,
            programme=self.programme(case),
            organisation=self._organisation(case, case.organisation),
            status=self._code("status", case.status),
            is_open=case.is_open,
            phase=self.title(case, "phase", case.phase) if case.phase else None,
            phase_since=case.phase_since,
            phase_days=(day - case.phase_since).days if case.phase_since else None,
            responsible=case.responsible,
            responsible_since=case.since,
            handover_to=self._organisation(case, case.handover_to) if case.handover_to else None,
            waiting=[self._organisation(case, code) for code in sorted(asked_to_take(case))],
            next_deadline=self._deadline(case, day),
            exempt=case.exempt,
            reviews=case.doubts,
            last=LastEntry.model_construct(
                kind=case.last_event,
                title=self._code("event", case.last_event).title,
                occurred_on=case.last_on,
                recorded_at=case.last_recorded_at.astimezone(UTC),
            ),
            day=day,
            stale_since=case.stale_since,
        )

    def title(self, case: CaseRow, kind: str, code: str) -> Coded:
        """Return a code of the journey's definition with its title."""
        key = (case.programme, case.definition_version, kind, code)
        known = self._coded.get(key)
        if known is None:
            title = self._words_of(case).title(kind, code)
            known = self._coded[key] = Coded.model_construct(code=code, title=title)
        return known

    def _organisation(self, case: CaseRow, code: str) -> Coded:
        return self.title(case, "organisation", code)

    def _words_of(self, case: CaseRow) -> Words:
        key = (case.programme, case.definition_version)
        if key not in self._words:
            self._words[key] = words_of(self.definitions.of(*key), BEFORE, self._tongue)
        return self._words[key]

    def _code(self, kind: str, code: str) -> Coded:
        known = self._coded.get((kind, code))
        if known is None:
            title = in_language(in_words(kind, code), self._tongue)
            known = self._coded[kind, code] = Coded.model_construct(code=code, title=title)
        return known

    def programme(self, case: CaseRow) -> Coded:
        """Return the programme of a journey with its title."""
        key = (case.programme, case.definition_version)
        known = self._coded.get(key)
        if known is None:
            known = self._coded[key] = self._programme(case)
        return known

    def _programme(self, case: CaseRow) -> Coded:
        definition = self.definitions.of(case.programme, case.definition_version)
        title = (
            case.programme
            if definition is None
            else in_language(titled(definition.title), self._tongue)
        )
        return Coded.model_construct(code=case.programme, title=title)

    def _deadline(self, case: CaseRow, day: date) -> NextDeadline | None:
        if case.next_deadline is None or case.next_due is None:
            return None
        rule = case.next_deadline.partition("/")[0]
        return NextDeadline.model_construct(
            id=case.next_deadline,
            title=self.title(case, "deadline", rule).title,
            due=case.next_due,
            days_left=(case.next_due - day).days,
            overdue=case.next_due < day,
        )
