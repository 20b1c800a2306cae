"""What every endpoint is given: who asks, in which language, and the parts (`parts`)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Annotated

from fastapi import Depends, Request
from starlette.concurrency import run_in_threadpool

from application.acts import named
from application.changes import Change
from application.client_scope import with_own_ids
from application.disclosure import (
    ALL,
    CONTENTS,
    NOTHING,
    WHOLE,
    Shown,
    is_gated,
    kind_within,
    shown_to,
)
from application.disclosure_of_lists import shown_of_each, shown_to_each
from application.of_whom import Read, besides, besides_each, of_whom
from application.office import KIND, Office
from application.own_journey import without_others
from application.permissions import way_to
from application.questions import ClientFound
from application.scope import Role, Scope
from application.transact import Asked
from application.views.rows import CaseRow
from domain.access import Answered, Disclosed, Subject
from domain.data_kinds import DataKind
from domain.entry import By
from domain.journey.events import EntryCorrected, EntryRetracted, ReferralMade
from domain.journey.history import History, JourneyEntry
from domain.journey.state import Journey
from interfaces.http.parts import Parts

_LISTED = frozenset({"client-search", "possible-duplicates"})
"""What is read of clients by the views alone; their pages are told by the log."""


@dataclass(frozen=True, slots=True)
class Here:
    """One request: its parts, scope, language and correlation id."""

    parts: Parts
    scope: Scope
    language: str
    correlation: str
    _shown: dict[str, Shown] = field(default_factory=dict, compare=False, repr=False)
    _listed: dict[str, Shown] = field(default_factory=dict, compare=False, repr=False)

    @property
    def office(self) -> Office:
        """All that acts and questions need."""
        return self.parts.office

    @property
    def by(self) -> By:
        """Who acts, for the envelope of an entry."""
        return By(self.scope.person, self.scope.organisation)

    def asked(self, on: date, key: str | None, expected_version: int | None) -> Asked:
        """Return how this person asks for an act that happened on the day.

        A key is the person's own: another's of the same text is another.
        """
        own = None if key is None else f"{self.scope.organisation} {self.scope.person} {key}"
        return Asked(
            self.by, on, self.scope.rights, own, expected_version, correlation=self.correlation
        )

    def note_reading(
        self,
        what: str,
        *,
        client: str | None,
        journey: str | None = None,
        otherwise: Disclosed | None = None,
    ) -> None:
        """Note that a client's data is about to be read, before it is answered."""
        self.note_readings(what, [(client, journey)], otherwise=otherwise)

    def note_readings(
        self,
        what: str,
        read: Iterable[tuple[str | None, str | None]],
        kinds: Mapping[str, Collection[DataKind]] | None = None,
        otherwise: Disclosed | None = None,
        beside: Iterable[Read] = (),
    ) -> None:
        """Note that the data of clients, each with a journey or none, is about to be read.

        Where a journey is named alone, whose it is is looked up (`of_whom`).
        `kinds` are those that the answer holds of a journey, or of a client without one, by the id;
        of others it holds those of all such answers. `otherwise` is what leaves by it where none
        does by a journey. `beside` are those of whom the answer tells in a journey that is not
        theirs; a client is told nothing of others.
        """
        scope, at, told = self.scope, self.office.log.now(), of_whom(self.office, read)
        left = self._left(what, told, kinds or {}, otherwise) if is_gated(scope) else {}
        if scope.role is not Role.CLIENT:
            others = [one for one in dict.fromkeys(beside) if one not in told]
            if is_gated(scope):
                left |= {one: self.shown(one[1]).left_beside() for one in others if one[1]}
            told += others
        subjects = tuple(Subject(*one, left.get(one)) for one in told)
        if subjects:
            self.parts.accesses.note(
                Answered(
                    person=scope.person,
                    role=scope.role.value,
                    organisation=scope.organisation,
                    purpose=scope.purpose.value,
                    what=what,
                    at=at,
                    correlation=self.correlation,
                    read=subjects,
                )
            )

    def note_entries(
        self,
        what: str,
        journey: str,
        history: History,
        entries: Iterable[JourneyEntry],
        *also: str | None,
    ) -> None:
        """Note that entries of a journey are about to be read, and ids `also`, shown beside them.

        Whoever they tell of, as the journey was said to be theirs by mistake, is noted, too.
        """
        told, read = list(entries), [(history.journey.client or None, journey)]
        kinds = {kind for x in told if (kind := kind_within(history, x.event))}
        self.note_readings(
            what,
            read,
            kinds={journey: kinds | {DataKind.COURSE}},
            beside=besides(journey, history, told, *also),
        )

    def shown(self, journey_id: str, journey: Journey | None = None) -> Shown:
        """Return what this person is shown of a journey and its client, looked up once."""
        known = self._shown.get(journey_id)
        if known is None:
            state = journey or self.office.histories.newest(named(KIND, journey_id)).journey
            known = self._shown[journey_id] = shown_to(self.office, self.scope, journey_id, state)
        return known

    def is_shown(self, change: Change) -> bool:
        """Whether this person is shown a change of a journey in scope."""
        return self.shown(change.journey, change.state).has(change.kind)

    def shown_of(self, client: str) -> Shown:
        """Return what this person is shown of a client, by any journey."""
        return self._shown_of([client])[client] if is_gated(self.scope) else WHOLE

    def beside_changes(self, changes: Iterable[Change]) -> list[Read]:
        """Return of whom else these tell than of their clients, as `note_readings` takes it."""
        telling = ((x.journey, x.entry.version) for x in changes if self.may_tell_of_others(x))
        return besides_each(self.office, telling)

    def may_tell_of_others(self, change: Change) -> bool:
        """Whether a change can tell this person of another than whose the journey is."""
        return self.scope.role is not Role.CLIENT and isinstance(change.entry.event, _OF_OTHERS)

    def own_changes(self, changes: Sequence[Change]) -> Sequence[Change]:
        """Return changes without all that a client is not told of others."""
        if self.scope.role is not Role.CLIENT:
            return changes
        known = self.office.histories.newest_of({named(KIND, one.journey) for one in changes})
        own = {stream: self.own_words(history) for stream, history in known.items()}
        return [replace(x, entry=own[named(KIND, x.journey)](x.entry)) for x in changes]

    def own_words(self, history: History) -> Callable[[JourneyEntry], JourneyEntry]:
        """Return what takes from an entry all that a client is not told of others."""
        if self.scope.role is not Role.CLIENT:
            return lambda entry: entry
        return without_others(history, self.scope.own_ids)

    def look_up(self, cases: Iterable[CaseRow]) -> None:
        """Look up together what this person is shown of the journeys of a list.

        Of the own organisation's, as the list has it, nothing leaves for another: the log need not
        be asked. Of others it is asked once for all, which costs less than once for each.
        """
        others = {}
        for case in cases:
            if case.owner in self._shown:
                continue
            own = case.organisation == self.scope.organisation
            if case.stale_since:
                self._shown[case.owner] = self._shown_aside(case, own=own)
            elif own:
                self._shown[case.owner] = WHOLE
            else:
                others[case.owner] = case.client
        if others and is_gated(self.scope):
            self._shown.update(shown_to_each(self.office, self.scope, others))

    def _shown_aside(self, case: CaseRow, *, own: bool) -> Shown:
        """Return what is shown of a journey that a list could not take the newest entries of.

        Where nobody can read them, the list is believed by the organisation that had the journey.
        """
        try:
            state = self.office.histories.newest(named(KIND, case.owner)).journey
            shown = shown_to(self.office, self.scope, case.owner, state)
        except Exception:  # noqa: BLE001 - whatever it is, the rest of the list goes on
            return WHOLE if own or not is_gated(self.scope) else NOTHING
        is_its = case.client in {"", state.client} or (own and shown == WHOLE)
        return shown if is_its else NOTHING

    def still_in_scope(self, cases: Sequence[CaseRow]) -> Callable[[CaseRow], bool]:
        """Return what says of rows of a list whether they are in scope as the log has them now.

        A list can be behind it, or could not take an entry and has the journey as it was. The log
        is asked of what is others', of a client's own, and of all that a list could not take.
        """
        if is_gated(self.scope):
            self.look_up(cases)
            return lambda case: bool(self.shown(case.owner).kinds)
        own = self.scope.role is Role.CLIENT
        return lambda case: not (own or case.stale_since) or self._is_reached(case.owner)

    def _is_reached(self, journey: str) -> bool:
        found = self._as_logged(journey)
        return found is None or way_to(self.scope, journey, found) is not None

    def _as_logged(self, journey: str) -> Journey | None:
        """Return a journey as the log has it; None where it cannot be read: a list is believed."""
        try:
            return self.office.histories.newest(named(KIND, journey)).journey
        except Exception:  # noqa: BLE001 - whatever it is, the list goes on
            return None

    def still_known(self, found: Sequence[ClientFound]) -> Callable[[ClientFound], bool]:
        """Return the same of clients that a search says to be in scope.

        Of those served by the own organisation, as the search has it, the log need not be asked,
        nor of those without journeys, who are in scope as it registered them.
        """
        if not is_gated(self.scope):
            return lambda _: True
        own = [one.client.owner for one in found if one.served or one.journeys == ()]
        self._listed.update(dict.fromkeys(own, WHOLE))
        others = {one.client.owner: one.journeys for one in found if one.journeys}
        self._listed.update(shown_of_each(self.office, self.scope, others))
        shown = self._shown_in_list([one.client.owner for one in found])
        return lambda one: bool(shown[one.client.owner].kinds)

    def look_up_now(self, journeys: Iterable[str]) -> None:
        """Look up together what this person is shown of journeys, as the log has them now."""
        if is_gated(self.scope):
            wanted = {one: "" for one in journeys if one not in self._shown}
            self._shown.update(shown_to_each(self.office, self.scope, wanted))

    def _left(
        self,
        what: str,
        read: Sequence[tuple[str | None, str | None]],
        kinds: Mapping[str, Collection[DataKind]],
        otherwise: Disclosed | None,
    ) -> dict[tuple[str | None, str | None], Disclosed | None]:
        """Return what leaves for another organisation, by the client and the journey."""
        if not CONTENTS.get(what, ALL):
            return {}
        of = self._shown_in_list if what in _LISTED else self._shown_of
        alone = of([client for client, journey in read if client and not journey])
        found: dict[tuple[str | None, str | None], Disclosed | None] = {}
        for client, journey in read:
            if journey or client:
                shown = self.shown(journey) if journey else alone[client or ""]
                left = shown.left(what, kinds.get(journey or client or ""))
                if left is None and otherwise is not None and shown.withheld:
                    left = otherwise
                found[client, journey] = left
        return found

    def _shown_of(self, clients: Sequence[str]) -> dict[str, Shown]:
        """Return what this person is shown of clients, by any journey."""
        return self._by_journeys(self.parts.views.journeys_of_each(clients))

    def _shown_in_list(self, clients: Sequence[str]) -> dict[str, Shown]:
        """Return the same for a list of clients, which tells what the views have of them.

        Of those whom the own organisation serves, as the list has it, the log need not be asked.
        """
        unknown = [client for client in clients if client not in self._listed]
        cases = self.parts.views.journeys_of_each(unknown) if unknown else {}
        own = self.scope.organisation
        ours = [one for some in cases.values() for one in some if one.organisation == own]
        self.look_up(ours)
        served = {
            client for client, some in cases.items() if any(self._serves(client, x) for x in some)
        }
        others = {client: some for client, some in cases.items() if client not in served}
        self._listed.update(dict.fromkeys(served, WHOLE) | self._by_journeys(others))
        return {client: self._listed[client] for client in clients}

    def _serves(self, client: str, case: CaseRow) -> bool:
        """Whether the own organisation serves a client by a journey, as a list has it.

        Of what the list set aside the log is asked; where that cannot be read, the list is
        believed, also by another id of the person.
        """
        if case.organisation != self.scope.organisation or self.shown(case.owner) != WHOLE:
            return False
        found = self._as_logged(case.owner) if case.stale_since else case
        return found is None or found.client == client

    def _by_journeys(self, cases: Mapping[str, Sequence[CaseRow]]) -> dict[str, Shown]:
        journeys = {client: [one.owner for one in some] for client, some in cases.items()}
        return shown_of_each(self.office, self.scope, journeys)


_OF_OTHERS = (ReferralMade, EntryCorrected, EntryRetracted)
"""What can tell of another than whose the journey is."""

ASKED = "polku.asked"
"""Under this name a request keeps who asks, once that is known."""


async def here(request: Request) -> Here:
    """Return who asks for what; every endpoint but those of the service itself depends on it.

    The signpost asks it first, before anything of the request is read: FastAPI reads a body before
    it asks a dependency, and would tell a stranger what is wrong with it. Raises what `identify`
    raises, and Problem (429) where the person asks too often.
    """
    known: Here | None = request.scope.get(ASKED)
    if known is None:
        state = request.app.state
        scope = await state.known.identify(request, state.parts)
        if scope.role is Role.CLIENT:
            scope = await run_in_threadpool(with_own_ids, state.parts.office, scope)
        state.rate.take(f"{scope.organisation} {scope.person}")
        known = Here(state.parts, scope, request.state.language, request.state.correlation)
        request.scope[ASKED] = known
    return known


Asking = Annotated[Here, Depends(here)]
