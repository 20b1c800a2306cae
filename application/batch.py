"""Many acts at once, of clients and journeys: all of them together, or each for itself.

Each is decided on the state that the ones before it leave, in memory; then all are appended in one
transaction. An act can name what an act before it makes: `"$anna"` for the client or the journey of
the item that is called "anna"; two items are not called the same.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, TypeAlias

from application.acts import named
from application.client_scope import JourneysOf
from application.intentions import (
    WITHDRAWING,
    Intention,
    OpeningAhead,
    UnknownClient,
    Who,
    asked_by,
    client_decision,
    client_guard,
    decision_by,
    intended,
    latest_today,
    opening_ahead,
    require_not_ahead,
    stream_of,
)
from application.journeys import Office, UnknownJourney, decide, facts_known
from application.permissions import CLIENT_ACTS, NotAllowed
from application.ports import Append, KeyReused, Receipt, VersionConflict
from application.programmes import NotPublished
from application.same_person import others_of
from application.transact import Asked, Streams, append_of, check_seen
from domain.client import Client
from domain.client import fold as fold_client
from domain.entry import Entry
from domain.journey.events import Signatory
from domain.journey.history import History
from domain.refusals import IllegalTransition, InvalidField
from domain.wording import Wording, said

MOST = 500
"""How many acts a batch has at most."""

TRIES = 5
"""How often a batch is decided anew when others write to the same streams meanwhile."""

REFERENCE = "$"


class UnknownReference(Exception):
    """An act names an item that no act before it is called by, or that is no such thing."""

    def __init__(self, name: str, why: Wording) -> None:
        super().__init__(why)
        self.name = name


class ReferenceFailed(Exception):
    """An act names what an act before it was to make, and that one was refused."""

    def __init__(self, name: str, item: int) -> None:
        super().__init__(
            said(
                "act {item}, called {name}, was refused: see there, and ask for both again",
                item=item,
                name=name,
            )
        )
        self.name, self.item = name, item


class NotRecorded(Exception):
    """An act that could be done was not, because another of the batch was refused."""

    def __init__(self) -> None:
        super().__init__(said("another act of the batch was refused, so none was recorded"))


REFUSALS = (
    *(IllegalTransition, InvalidField, VersionConflict, KeyReused, NotAllowed, NotPublished),
    *(UnknownJourney, UnknownClient, UnknownReference, ReferenceFailed),
)
"""What may become of an act that is not done. Anything else is no outcome, but a fault."""


@dataclass(frozen=True, slots=True)
class Item:
    """One act of a batch: what is asked, of which client or journey, and what it is called.

    `of` is the id of the journey or the client, a new one where the act makes it, or a reference.
    `said` is the digest of what was asked, as it came.
    """

    intention: Intention
    of: str
    said: str
    name: str | None = None

    @property
    def kind(self) -> str:
        """What the act is of: "client" or "journey"."""
        return "client" if self.intention.code in CLIENT_ACTS else "journey"


Outcome: TypeAlias = Receipt | Exception
"""What became of an act: a receipt, or why it was refused."""


@dataclass(frozen=True, slots=True)
class Broken:
    """An item of a batch that is no act: what is wrong with it, and what it is called."""

    error: Exception
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Batch:
    """Who asks for which acts. `journeys_of` a client are looked up where a permission needs it."""

    office: Office
    who: Who
    items: Sequence[Item | Broken]
    journeys_of: JourneysOf


def all_or_none(batch: Batch, *, dry_run: bool = False) -> list[Outcome]:
    """Do all acts in one transaction, or none; one outcome each.

    Where one is refused, the others that could have been done are NotRecorded. `dry_run` decides
    the same and stores nothing. Raises VersionConflict where others write to the same streams
    again and again.
    """
    conflict = None
    for _ in range(TRIES):
        ahead = _Ahead(batch)
        outcomes = ahead.take_all()
        if dry_run:
            return outcomes
        if any(isinstance(one, Exception) for one in outcomes):
            return [one if isinstance(one, Exception) else NotRecorded() for one in outcomes]
        try:
            return ahead.append()
        except VersionConflict as raced:
            conflict = raced
        except KeyReused as reused:
            return [reused if key == reused.key else NotRecorded() for key in _keys(batch)]
    assert conflict is not None  # noqa: S101 - only a conflict goes on with the loop
    raise conflict


def each_alone(batch: Batch, *, dry_run: bool = False) -> list[Outcome]:
    """Do each act that can be done; one outcome each.

    An act that names what a refused one was to make is refused too (ReferenceFailed). What can be
    done is first tried in one transaction; where somebody else comes in between, act by act.
    """
    ahead = _Ahead(batch)
    outcomes = ahead.take_all()
    if dry_run:
        return outcomes
    try:
        return ahead.append()
    except (VersionConflict, KeyReused):
        return _one_by_one(batch)


def _one_by_one(batch: Batch) -> list[Outcome]:
    outcomes: list[Outcome] = []
    for number in range(len(batch.items)):
        for _ in range(TRIES):
            ahead = _Ahead(batch, list(outcomes))
            outcome = ahead.take(number)
            try:
                outcome = ahead.append()[number]
            except KeyReused as reused:
                outcome = reused
            except VersionConflict as raced:
                outcome = raced
                continue
            break
        outcomes.append(outcome)
    return outcomes


def _keys(batch: Batch) -> list[str | None]:
    return [None if isinstance(item, Broken) else item.intention.key for item in batch.items]


@dataclass(slots=True)
class _Ahead:
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
    _openings: list[OpeningAhead] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Note which act has a key first."""
        for number, key in enumerate(_keys(self.batch)):
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
        for opening in self._openings:
            opening.record(self.batch.office)
        stored = self.batch.office.log.append_all(appends, together=True)
        for number, answer in zip(self.numbers, stored, strict=True):
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
        self._check_name(number, asked_for.name)
        item = self._with_ids(number, asked_for)
        stream = stream_of(item.of) if item.kind == "journey" else named("client", item.of)
        known = self.batch.office.log.answer(item.intention.key, item.said)
        if known is not None:
            return known
        state = self._state(stream)
        asked, events = self._decided(item, state)
        beside = self._withdrawn_beside(item, asked) if item.intention.code == WITHDRAWING else []
        if beside and not events:
            stream, state, events = beside.pop()
        alone = replace(asked, key=None)
        for other, its, withdrawn in beside:
            self._kept(number, its, append_of(other, its, withdrawn, alone, item.said))
        return self._kept(number, state, append_of(stream, state, events, asked, item.said))

    def _withdrawn_beside(
        self, item: Item, asked: Asked
    ) -> list[tuple[str, Client, tuple[Any, ...]]]:
        """Return what a withdrawal of consent is to record under other ids of the person."""
        others = others_of(self.batch.office.clients, item.of)
        states = {named("client", one): self._state(named("client", one)) for one in others}
        decide = client_decision(item.intention)
        decided = ((stream, state, decide(state, asked.on)) for stream, state in states.items())
        return [one for one in decided if one[2]]

    def _decided(self, item: Item, state: Any) -> tuple[Asked, tuple[Any, ...]]:
        return (
            self._of_journey(item, state)
            if item.kind == "journey"
            else self._of_client(item, state)
        )

    def _of_client(self, item: Item, state: Client) -> tuple[Asked, tuple[Any, ...]]:
        batch, intention = self.batch, item.intention
        today = latest_today(batch.office)
        asked = asked_by(batch.who, intention, intention.on or today)
        scope, code = batch.who.scope, intention.code
        client_guard(batch.office, batch.journeys_of, scope, code, item.of)(state)
        check_seen(named("client", item.of), asked, state)
        require_not_ahead(asked.on, today)
        return asked, client_decision(intention)(state, asked.on)

    def _of_journey(self, item: Item, state: History) -> tuple[Asked, tuple[Any, ...]]:
        batch, intention = self.batch, item.intention
        doing = intended(
            batch.office, batch.who, item.of, intention, state, item.said, batch.journeys_of
        )
        if doing.guard is not None:
            doing.guard(state)
        check_seen(stream_of(item.of), doing.asked, state)
        doing = replace(doing, decision=decision_by(intention.code, self._facts_of))
        events = decide(batch.office, state, doing)
        ahead = opening_ahead(batch.office, batch.who, item.of, intention, state, batch.journeys_of)
        if events and ahead is not None:
            self._openings.append(ahead)
        return doing.asked, events

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
            raise InvalidField("idempotency_key", said("act {item} has the same key", item=first))

    def _check_name(self, number: int, name: str | None) -> None:
        """Raise InvalidField where an act before is called so: a reference would be to either."""
        names = [item.name for item in self.batch.items[:number]]
        if name is not None and name in names:
            raise InvalidField("as", said("act {item} is called so too", item=names.index(name)))

    def _with_ids(self, number: int, item: Item) -> Item:
        """Return the item with ids in the place of references."""

        def id_of(kind: str, text: str) -> str:
            return self._made(number, kind, text) if text.startswith(REFERENCE) else text

        fields = dict(item.intention.fields)
        if isinstance(fields.get("client"), str):
            fields["client"] = id_of("client", fields["client"])
        if "signatories" in fields:
            signed: Iterable[Signatory] = fields["signatories"]
            fields["signatories"] = tuple(
                replace(one, person=id_of("client", one.person)) for one in signed
            )
        intention = replace(item.intention, fields=fields)
        return replace(item, of=id_of(item.kind, item.of), intention=intention)

    def _made(self, number: int, kind: str, text: str) -> str:
        """Return the id that a reference stands for. Raises UnknownReference, ReferenceFailed."""
        name = text.removeprefix(REFERENCE)
        for other in reversed(range(number)):
            if self.batch.items[other].name == name:
                made = self.outcomes[other]
                if isinstance(made, Exception):
                    raise ReferenceFailed(name, other)
                found, _, id_ = made.stream.partition(":")
                if found == kind:
                    return id_
        raise UnknownReference(name, self._why_unknown(number, kind, name))

    def _why_unknown(self, number: int, kind: str, name: str) -> Wording:
        called = (n for n, item in enumerate(self.batch.items) if item.name == name)
        item = next(called, None)
        if item is None:
            return said("no act of the batch is called {name}", name=name or REFERENCE)
        if item == number:
            return said("this act itself is called {name}: name one before it", name=name)
        if item > number:
            return said(
                "act {item}, called {name}, comes after this one: put it before",
                item=item,
                name=name,
            )
        if kind == "client":
            return said(
                "act {item}, called {name}, is of a journey, and here a client is expected",
                item=item,
                name=name,
            )
        return said(
            "act {item}, called {name}, is of a client, and here a journey is expected",
            item=item,
            name=name,
        )
