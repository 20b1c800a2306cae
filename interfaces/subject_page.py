"""The client's own copy as one page that stands for itself (`interfaces.pages`)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, tzinfo
from typing import Any, NamedTuple

from application.accesses import Opened
from application.reading_grounds import kinds_said
from application.subject_copied import EntryCopied, JourneyCopied, SubjectCopy, as_held
from application.vocabulary import said_where_known
from domain.client import Client
from domain.wording import Tongue, Wording, counted, in_language, in_words, said
from interfaces.pages import Head, Look, Rows, rendered, without_empty_columns


class Part(NamedTuple):
    """A part of the page: what is held in a word each, and tables."""

    title: str
    held: Sequence[tuple[str, str]] = ()
    tables: Sequence[Rows] = ()


def page(copy: SubjectCopy, tongue: Tongue) -> str:
    """Return the page, in the language of the tongue."""
    return rendered(
        "own_copy.html",
        in_language(said("All that is held about you"), tongue),
        tongue,
        opening=[*_opening(copy, tongue)],
        parts=[*_Told(copy.zone, tongue, copy.names).parts(copy)],
        nothing=in_language(said("none"), tongue),
    )


def _opening(copy: SubjectCopy, tongue: Tongue) -> Iterator[str]:
    day = tongue.day(copy.made_at.astimezone(copy.zone).date())
    made = said("Made on {day} for the client {client}.", day=day, client=copy.client)
    yield in_language(made, tongue)
    if copy.others:
        other = said("Journeys that another organisation answers for are not in this copy: ask it.")
        yield in_language(other, tongue)
    if copy.unread:
        unread = counted(
            "{n} journey cannot be read and is not in this copy: ask again when that is mended.",
            "{n} journeys cannot be read and are not in this copy: ask again when that is mended.",
            copy.unread,
        )
        yield in_language(unread, tongue)


class _Told(NamedTuple):
    """Tells what is held, in a language and by the clock of a place."""

    zone: tzinfo
    tongue: Tongue
    names: Mapping[str, str]

    def parts(self, copy: SubjectCopy) -> Iterator[Part]:
        """Yield the parts of the page, in order."""
        yield self._particulars(said("Your particulars"), copy.state, copy.entries)
        for one in copy.merged:
            title = said("Your particulars under another id, {client}", client=one.client)
            yield self._particulars(title, one.state, one.entries)
        consents = said("What you have consented to")
        yield Part(self._say(consents), (), [self._consents(consents, copy)])
        for way in copy.journeys:
            title = said("Your way in {programme}", programme=way.programme)
            yield self._journey(title, way)
        for way in copy.by_mistake:
            title = said("Said to be yours by mistake, in {programme}", programme=way.programme)
            yield self._journey(title, way)
        if copy.by_organisations:
            recorded = said("Seats and openings that organisations have recorded for you")
            yield Part(self._say(recorded), (), [self._by_organisations(recorded, copy)])
        used = self._say(said("Who has used your data"))
        yield Part(used, (), [self._readings(copy)])

    def _particulars(self, title: Wording, state: Client, entries: Iterable[EntryCopied]) -> Part:
        held: dict[str, Any] = {
            **(as_held(state.registered) or {}),
            **as_held({"address": state.address, "phone": state.phone, "email": state.email}),
        }
        told = [
            (self._say(in_words("field", name.replace("_", "-"))), self._held(name, value))
            for name, value in held.items()
            if value not in (None, "")
        ]
        return Part(self._say(title), told, [self._entries(entries)])

    def _held(self, name: str, value: Any) -> str:
        match name:
            case "gender":
                return self._say(said_where_known(name, value))
            case "date_of_birth":
                return self._written_day(str(value))
            case "municipality":
                return self._organisation(str(value))
            case _:
                return str(value)

    def _journey(self, title: Wording, one: JourneyCopied) -> Part:
        tables = [self._entries(one.entries)]
        if one.openings:
            tables.append(self._opened(one.openings))
        return Part(self._say(title), (), tables)

    def _consents(self, title: Wording, copy: SubjectCopy) -> Rows:
        heads = (
            Head(said("Organisation")),
            Head(said("May see")),
            Head(said("From"), Look.SHORT),
            Head(said("Until"), Look.SHORT),
            Head(said("Withdrawn")),
        )
        rows = (
            (
                self._organisation(one.organisation),
                ", ".join(self._say(in_words("data-kind", kind.value)) for kind in one.kinds),
                self._day(one.start),
                self._day(one.until),
                ", ".join(
                    f"{self._say(in_words('data-kind', kind.value))} {self._clock(at)}"
                    for kind, at in one.withdrawn
                ),
            )
            for one in copy.consents
        )
        return self._table(title, heads, rows)

    def _entries(self, entries: Iterable[EntryCopied]) -> Rows:
        heads = (
            Head(said("No."), Look.NUMBER),
            Head(said("Happened on"), Look.SHORT),
            Head(said("Recorded at"), Look.SHORT),
            Head(said("By")),
            Head(said("What"), Look.LONG),
            Head(said("From the system"), Look.LONG),
            Head(said("As it is held"), Look.LONG),
        )
        rows = (
            (
                str(one.version),
                self._day(one.occurred_on),
                self._clock(one.recorded_at),
                self._by(one.person, one.organisation),
                one.sentence,
                _source(one.source),
                _fields(one.fields),
            )
            for one in entries
        )
        return self._table(said("Every entry, in the order recorded"), heads, rows)

    def _by_organisations(self, title: Wording, copy: SubjectCopy) -> Rows:
        heads = (
            Head(said("Organisation")),
            Head(said("Happened on"), Look.SHORT),
            Head(said("Recorded at"), Look.SHORT),
            Head(said("By")),
            Head(said("What"), Look.LONG),
            Head(said("As it is held"), Look.LONG),
        )
        rows = (
            (
                self._organisation(one.organisation),
                self._day(one.entry.occurred_on),
                self._clock(one.entry.recorded_at),
                self._by(one.entry.person, one.entry.organisation),
                one.entry.sentence,
                _fields({**one.entry.fields, "about": one.about}),
            )
            for one in copy.by_organisations
        )
        return self._table(title, heads, rows)

    def _opened(self, opened: Iterable[Opened]) -> Rows:
        heads = (
            Head(said("Who")),
            Head(said("Why"), Look.LONG),
            Head(said("On"), Look.SHORT),
            Head(said("Until"), Look.SHORT),
        )
        rows = (
            (
                self._by(one.by.person, one.by.organisation),
                str(one.reason),
                self._day(one.on),
                self._day(one.until),
            )
            for one in opened
        )
        return self._table(said("Opened out of scope, with a reason"), heads, rows)

    def _readings(self, copy: SubjectCopy) -> Rows:
        heads = (
            Head(said("When"), Look.SHORT),
            Head(said("Who")),
            Head(said("What"), Look.LONG),
            Head(said("For")),
            Head(said("On which ground")),
            Head(said("What left for another organisation")),
        )
        rows = (
            (
                self._clock(one.reading.at),
                self._by(one.reading.person, one.reading.organisation),
                self._say(in_words("reading", one.reading.what)),
                self._say(in_words("purpose", one.reading.purpose)),
                one.ground,
                kinds_said(one.reading, self.tongue),
            )
            for one in copy.readings
        )
        return self._table(said("Every reading that is recorded"), heads, rows)

    def _table(
        self, caption: Wording, heads: Iterable[Head], rows: Iterable[Sequence[str]]
    ) -> Rows:
        named = [Head(self._say(head.text), head.look) for head in heads]
        return without_empty_columns(Rows(self._say(caption), named, [*rows], 1))

    def _by(self, person: str | None, organisation: str | None) -> str:
        """Return who did something, and for whom."""
        whom = self._organisation(organisation) if organisation else ""
        return ", ".join(name for name in (person, whom) if name)

    def _organisation(self, code: str) -> str:
        return self.names.get(code, code)

    def _written_day(self, text: str) -> str:
        """Return a day as the language writes it; what is none, as one that was erased, as is."""
        try:
            return self._day(date.fromisoformat(text))
        except ValueError:
            return text

    def _day(self, day: date | None) -> str:
        return "" if day is None else self.tongue.day(day)

    def _clock(self, at: datetime) -> str:
        """Return an instant by the clock of the place, which it names: one hour comes twice."""
        there = at.astimezone(self.zone)
        return f"{self.tongue.day(there.date())} {there:%H:%M %Z}"

    def _say(self, text: str) -> str:
        return in_language(text, self.tongue)


def _source(source: Mapping[str, Any] | None) -> str:
    return f"{source['name']}, {source['table']}, {source['row']}" if source else ""


def _fields(fields: Mapping[str, Any]) -> str:
    known = ((name, value) for name, value in fields.items() if value not in (None, "", [], {}))
    return "; ".join(f"{name}: {_flat(value)}" for name, value in known)


def _flat(value: Any) -> str:
    match value:
        case Mapping():
            return f"({_fields(value)})"
        case list():
            return ", ".join(_flat(one) for one in value)
        case bool():
            return str(value).lower()
        case _:
            return str(value)
