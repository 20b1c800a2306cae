"""The client's own copy as one page that stands for itself: no script, no picture, nothing loaded.

It is read by people, some of them by ear: headings in order, a table with a caption and headers for
each list, the language named. Every text is escaped.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, tzinfo
from html import escape
from typing import Any

from application.reading_grounds import kinds_said
from application.subject_copy import EntryCopied, JourneyCopied, SubjectCopy, as_held
from application.vocabulary import said_where_known
from domain.client import Client
from domain.wording import Tongue, in_language, in_words, said

_STYLE = (
    "body{font:1rem/1.5 system-ui,sans-serif;max-width:70rem;margin:0 auto;padding:1rem;"
    "color:#111;background:#fff}table{border-collapse:collapse;width:100%;margin:1rem 0}"
    "caption{text-align:left;font-weight:bold}th,td{border:1px solid #767676;padding:.3rem .5rem;"
    "text-align:left;vertical-align:top}th{background:#eee}dt{font-weight:bold}"
    "td,dd{overflow-wrap:anywhere}"
    "@media print{body{max-width:none}}"
)

Row = Iterable[Any]


def page(copy: SubjectCopy, tongue: Tongue) -> str:
    """Return the page, in the language of the tongue."""

    def say(template: str, **values: Any) -> str:
        return escape(in_language(said(template, **values), tongue))

    title = say("All that is held about you")
    day = copy.made_at.astimezone(copy.zone).date()
    made = say("Made on {day} for the client {client}.", day=day, client=copy.client)
    parts = [
        f"<!DOCTYPE html>\n<html lang='{escape(tongue.language)}'>\n<head><meta charset='utf-8'>",
        "<meta name='viewport' content='width=device-width, initial-scale=1'>",
        f"<title>{title}</title>\n<style>{_STYLE}</style></head>\n<body><main>\n<h1>{title}</h1>",
        f"<p>{made}</p>",
        *_particulars(copy.state, copy.entries, said("Your particulars"), copy.zone, tongue),
        *_merged(copy, tongue),
        *_consents(copy, tongue),
    ]
    if copy.others:
        other = say("Journeys that another organisation answers for are not in this copy: ask it.")
        parts.append(f"<p>{other}</p>")
    for one in copy.journeys:
        parts += _journey(
            say("Your way in {programme}", programme=one.programme), one, copy.zone, tongue
        )
    for one in copy.by_mistake:
        mistaken = say("Said to be yours by mistake, in {programme}", programme=one.programme)
        parts += _journey(mistaken, one, copy.zone, tongue)
    parts += _by_organisations(copy, tongue)
    parts += _readings(copy, tongue)
    return "\n".join([*parts, "</main></body>\n</html>\n"])


def _journey(title: str, one: JourneyCopied, zone: tzinfo, tongue: Tongue) -> Iterator[str]:
    yield f"<h2>{title}</h2>"
    yield from _entries(one.entries, zone, tongue)
    yield from _openings(one.openings, tongue)


def _merged(copy: SubjectCopy, tongue: Tongue) -> Iterator[str]:
    for one in copy.merged:
        title = said("Your particulars under another id, {client}", client=one.client)
        yield from _particulars(one.state, one.entries, title, copy.zone, tongue)


def _particulars(
    state: Client, entries: Iterable[EntryCopied], title: str, zone: tzinfo, tongue: Tongue
) -> Iterator[str]:
    yield f"<h2>{_said(title, tongue)}</h2>\n<dl>"
    held: dict[str, Any] = {
        **(as_held(state.registered) or {}),
        **as_held({"address": state.address, "phone": state.phone, "email": state.email}),
    }
    for name, value in held.items():
        if value not in (None, ""):
            term = _said(in_words("field", name.replace("_", "-")), tongue)
            told = said_where_known(name, value) if name == "gender" else str(value)
            yield f"<dt>{term}</dt><dd>{_said(told, tongue)}</dd>"
    yield "</dl>"
    yield from _entries(entries, zone, tongue)


def _consents(copy: SubjectCopy, tongue: Tongue) -> Iterator[str]:
    heads = (said("Organisation"), said("May see"), said("From"), said("Until"), said("Withdrawn"))
    rows = (
        (
            one.organisation,
            ", ".join(_said(in_words("data-kind", kind.value), tongue) for kind in one.kinds),
            one.start,
            one.until or "",
            ", ".join(
                f"{_said(in_words('data-kind', kind.value), tongue)} {_clock(at, copy.zone)}"
                for kind, at in one.withdrawn
            ),
        )
        for one in copy.consents
    )
    yield from _table(said("What you have consented to"), heads, rows, tongue)


def _entries(entries: Iterable[EntryCopied], zone: tzinfo, tongue: Tongue) -> Iterator[str]:
    heads = (
        *(said("No."), said("Happened on"), said("Recorded at"), said("By"), said("What")),
        *(said("From the system"), said("As it is held")),
    )
    rows = (
        (
            one.version,
            one.occurred_on,
            _clock(one.recorded_at, zone),
            f"{one.person}, {one.organisation}",
            one.sentence,
            _source(one.source),
            _held(one.fields),
        )
        for one in entries
    )
    yield from _table(said("Every entry, in the order recorded"), heads, rows, tongue)


def _by_organisations(copy: SubjectCopy, tongue: Tongue) -> Iterator[str]:
    title = said("Seats and openings that organisations have recorded for you")
    heads = (
        *(said("Organisation"), said("Happened on"), said("Recorded at"), said("By")),
        *(said("What"), said("As it is held")),
    )
    rows = [
        (
            one.organisation,
            one.entry.occurred_on,
            _clock(one.entry.recorded_at, copy.zone),
            f"{one.entry.person}, {one.entry.organisation}",
            one.entry.sentence,
            _held({**one.entry.fields, "about": one.about}),
        )
        for one in copy.by_organisations
    ]
    if rows:
        yield from _table(title, heads, rows, tongue)


def _openings(opened: Iterable[Any], tongue: Tongue) -> Iterator[str]:
    heads = (said("Who"), said("Why"), said("On"), said("Until"))
    rows = [(f"{o.by.person}, {o.by.organisation}", o.reason, o.on, o.until) for o in opened]
    if rows:
        yield from _table(said("Opened out of scope, with a reason"), heads, rows, tongue)


def _readings(copy: SubjectCopy, tongue: Tongue) -> Iterator[str]:
    title = said("Who has used your data")
    yield f"<h2>{_said(title, tongue)}</h2>"
    heads = (
        *(said("When"), said("Who"), said("What"), said("For"), said("On which ground")),
        said("What left for another organisation"),
    )
    rows = (
        (
            _clock(one.reading.at, copy.zone),
            ", ".join(name for name in (one.reading.person, one.reading.organisation) if name),
            _said(in_words("reading", one.reading.what), tongue),
            _said(in_words("purpose", one.reading.purpose), tongue),
            one.ground,
            kinds_said(one.reading, tongue),
        )
        for one in copy.readings
    )
    yield from _table(said("Every reading that is recorded"), heads, rows, tongue)


def _table(
    caption: str, heads: Iterable[str], rows: Iterable[Row], tongue: Tongue
) -> Iterator[str]:
    yield f"<table><caption>{_said(caption, tongue)}</caption><thead><tr>"
    yield "".join(f"<th scope='col'>{_said(head, tongue)}</th>" for head in heads)
    yield "</tr></thead><tbody>"
    for row in rows:
        yield f"<tr>{''.join(f'<td>{escape(str(value))}</td>' for value in row)}</tr>"
    yield "</tbody></table>"


def _clock(at: datetime, zone: tzinfo) -> str:
    """Return an instant by the clock of a place, which it names: one hour comes twice a year."""
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M %Z}"


def _said(text: str, tongue: Tongue) -> str:
    return escape(in_language(text, tongue))


def _source(source: Mapping[str, Any] | None) -> str:
    return f"{source['name']}, {source['table']}, {source['row']}" if source else ""


def _held(fields: Mapping[str, Any]) -> str:
    known = ((name, value) for name, value in fields.items() if value not in (None, "", [], {}))
    return "; ".join(f"{name}: {_flat(value)}" for name, value in known)


def _flat(value: Any) -> str:
    if isinstance(value, Mapping):
        return f"({_held(value)})"
    if isinstance(value, list):
        return ", ".join(_flat(one) for one in value)
    return str(value)
