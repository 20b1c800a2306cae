"""Acts decided one after the other, each on what the ones before it would leave."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, TypeAlias

from application.acts import named
from application.batch.items import REFUSALS, Batch, Broken, Item, Outcome, keys_of
from application.batch.references import Names
from application.intentions import (
    WITHDRAWING,
    asked_by,
    client_decision,
    client_guard,
    decision_by,
    intended,
    require_not_ahead,
    stream_of,
    today_for,
)
from application.journey_clients import facts_known, on_clients, spoken_of
from application.journeys import decided
from application.ports import Append, Receipt
from application.same_person import others_of
from application.transact import Asked, Leaning, Streams, append_of, check_seen
from domain.client import Client
from domain.client import fold as fold_client
from domain.entry import Entry
from domain.journey.history import History
from domain.refusals import InvalidField
from domain.wording import said

_Decided: TypeAlias = tuple[Asked, tuple[Any, ...], tuple[Append, ...]]
"""How an act is asked for, what it records, and what is recorded in other streams beside it."""


@dataclass(slots=True)
class Ahead:
    """Decides the acts of a batch one after the other, on what the ones before would leave.

    `numbers` are those of the acts that `appends` are of.
    """

    batch: Batch
    outcomes: list[Outcome] = field(default_factory=list)
    appends: list[Append] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    _states: dict[str, Any] = field(default_factory=dict)
    _begun: dict[str, Any] = field(default_factory=dict)
    _since: dict[str, int] = field(default_factory=dict)
    _before: list[Any] = field(default_factory=list)
    _firsts: dict[str | None, int] = field(default_factory=dict)
    _beside: dict[str, Append] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Note which act has a key first."""
        for number, key in enumerate(keys_of(self.batch.items)):
            self._firsts.setdefault(key, number)

    def take_all(self) -> list[Outcome]:
        """Decide every act; one outcome each."""
        return [self.take(number) for number in range(len(self.batch.items))]

    def take(self, number: int) -> Outcome:
        """Decide an act and keep what is to be appended for it."""
        item = self.batch.items[number]
        if isinstance(item, Broken):
            outcome: Outcome = item.error
        else:
            try:
                outcome = self._take(number, item)
            except REFUSALS as refusal:
                outcome = refusal
        self.outcomes.append(outcome)
        return outcome

    def append(self) -> list[Outcome]:
        """Append all that was kept, or nothing; return the outcomes as the log has them.

        Raises VersionConflict and KeyReused.
        """
        told = list(self.outcomes)
        if not self.appends:
            return told
        appends = [
            self._streams(append.stream).drafted(append, before)
            for append, before in zip(self.appends, self._before, strict=True)
        ]
        together = [*appends, *self._beside.values()]
        stored = self.batch.office.log.append_all(together, together=True)
        for number, answer in zip(self.numbers, stored, strict=False):
            told[number] = answer
            if isinstance(answer, Receipt) and not answer.repeated:
                self._remember(answer)
        return told

    def _remember(self, receipt: Receipt) -> None:
        """Fold what was stored; what was decided on has entries that the log never saw."""
        stream, state = receipt.stream, self._begun[receipt.stream]
        if state.version + len(receipt.entries) == receipt.version:
            streams, since = self._streams(stream), self._since[stream]
            self._begun[stream] = streams.append(stream, state, receipt.entries, since=since)

    def _take(self, number: int, asked_for: Item) -> Receipt:
        self._check_key(number, asked_for.intention.key)
        names = Names(self.batch.items, self.outcomes, number, self.batch.places)
        names.check(asked_for.name)
        item = names.put_into(asked_for)
        stream = stream_of(item.of) if item.kind == "journey" else named("client", item.of)
        known = self.batch.office.log.answer(item.intention.key, item.said)
        if known is not None:
            return known
        state = self._state(stream)
        asked, events, opened = self._decided(item, state)
        beside = self._withdrawn_beside(item, asked) if item.intention.code == WITHDRAWING else []
        if beside and not events:
            stream, state, events = beside.pop()
        alone = replace(asked, key=None)
        for other, its, withdrawn in beside:
            self._kept(number, its, append_of(other, its, withdrawn, alone, item.said))
        append = append_of(stream, state, events, asked, item.said)
        if isinstance(state, History):
            leaning_on = self._leaning(state, events)
            append = replace(append, leaning_on=leaning_on, speaks_of=spoken_of(state, events))
        for one in opened:  # nothing refuses the act any more
            self._beside.setdefault(one.stream, one)
        return self._kept(number, state, append)

    def _leaning(self, state: History, events: tuple[Any, ...]) -> Leaning:
        """Return on which clients an act leans, those beside which this batch records nothing."""
        own = {append.stream for append in self.appends}
        found = on_clients(self.batch.office, state, events)
        return tuple(one for one in found if one[0] not in own)

    def _withdrawn_beside(
        self, item: Item, asked: Asked
    ) -> list[tuple[str, Client, tuple[Any, ...]]]:
        """Return what a withdrawal of consent is to record under other ids of the person."""
        others = others_of(self.batch.office.clients, item.of)
        states = {named("client", one): self._state(named("client", one)) for one in others}
        decide = client_decision(item.intention)
        decided = ((stream, state, decide(state, asked.on)) for stream, state in states.items())
        return [one for one in decided if one[2]]

    def _decided(self, item: Item, state: Any) -> _Decided:
        return (
            self._of_journey(item, state)
            if item.kind == "journey"
            else self._of_client(item, state)
        )

    def _of_client(self, item: Item, state: Client) -> _Decided:
        batch, intention = self.batch, item.intention
        today = today_for(batch.office, batch.journeys_of, item.of, self._ahead_of(item.of))
        asked = asked_by(batch.who, intention, intention.on or today)
        scope, code = batch.who.scope, intention.code
        client_guard(batch.office, batch.journeys_of, scope, code, item.of)(state)
        check_seen(named("client", item.of), asked, state)
        require_not_ahead(asked.on, today)
        return asked, client_decision(intention)(state, asked.on), ()

    def _ahead_of(self, client: str) -> dict[str, History]:
        """Return the journeys of a client that the batch has come by."""
        return {
            stream: state
            for stream, state in self._states.items()
            if isinstance(state, History) and state.journey.client == client
        }

    def _of_journey(self, item: Item, state: History) -> _Decided:
        batch, intention = self.batch, item.intention
        doing = intended(
            batch.office, batch.who, item.of, intention, state, item.said, batch.journeys_of
        )
        if doing.guard is not None:
            doing.guard(state)
        check_seen(stream_of(item.of), doing.asked, state)
        doing = replace(doing, decision=decision_by(intention.code, self._facts_of))
        events = decided(batch.office, state, doing)
        return doing.asked, events, doing.beside(state, events) if events else ()

    def _facts_of(self, client: str, day: date) -> Mapping[str, Any]:
        return facts_known(self._state(named("client", client)), day) if client else {}

    def _kept(self, number: int, state: Any, append: Append) -> Receipt:
        now = self.batch.office.log.now()
        entries = tuple(
            Entry(state.version + n, fresh.event, fresh.occurred_on, now, append.by)
            for n, fresh in enumerate(append.events, 1)
        )
        self.appends.append(append)
        self.numbers.append(number)
        self._before.append(state)
        is_journey = isinstance(state, History)
        after = state.extended(entries) if is_journey else fold_client(entries, state)
        self._states[append.stream] = after
        return Receipt(append.stream, state.version + len(entries), 0, entries)

    def _state(self, stream: str) -> Any:
        if stream not in self._states:
            streams = self._streams(stream)
            self._since[stream] = streams.forgotten
            self._states[stream] = self._begun[stream] = streams.newest(stream)
        return self._states[stream]

    def _streams(self, stream: str) -> Streams[Any]:
        office = self.batch.office
        return office.clients if stream.startswith("client:") else office.histories

    def _check_key(self, number: int, key: str) -> None:
        first = self._firsts[key]
        if first != number:
            item = self.batch.places[first]
            raise InvalidField("idempotency_key", said("act {item} has the same key", item=item))
