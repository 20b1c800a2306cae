"""What the groups of a report are called: by the definition, by the log, or in Polku's own words.

Figures have codes, so that whoever computes with them meets the same ones for ever. People read
what the codes stand for.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from types import MappingProxyType

from application.evaluation.report import Report
from application.office import Office
from application.organisations import registered_names
from application.programmes import NotPublished
from application.sentences.words import titles_of
from application.vocabulary import VOCABULARY
from domain.definition import Definition, NoDefinition, Title
from domain.wording import in_words, said, titled

Titles = Mapping[str, Mapping[str, str]]
"""Titles of codes by their kind."""

ORGANISATION = "organisation"

KINDS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "absence_reason": ("absence",),
        "channel": ("channel",),
        "concept": ("concept",),
        "destination": ("destination",),
        "employer": (ORGANISATION,),
        "employment_at_start": ("employment",),
        "end_state": ("end-state",),
        "form": ("placement-form",),
        "from_organisation": (ORGANISATION,),
        "gender": ("gender",),
        "kind": ("need-kind", "period-kind", "money", "organisation-kind"),
        "method": ("method",),
        "municipality": (ORGANISATION,),
        "organisation": (ORGANISATION,),
        "payer": (ORGANISATION, "role"),
        "phase": ("phase",),
        "point": ("point",),
        "provider": (ORGANISATION, "role"),
        "questionnaire": ("questionnaire",),
        "reason": ("exemption",),
        "referred_by": (ORGANISATION,),
        "referred_to": (ORGANISATION,),
        "respondent": ("respondent",),
        "responsible_organisation": (ORGANISATION,),
        "result": ("result",),
        "role": ("role",),
        "service": ("service",),
        "service_line": ("service-line",),
        "status": ("status", "employment", "service-status", "placement-status"),
        "status_after_six_months": ("employment",),
        "status_at_leaving": ("employment",),
        "status_at_start": ("employment",),
        "to_organisation": (ORGANISATION,),
        "topic": ("topic",),
        "what": ("period",),
    }
)
"""Which kinds of codes a column has, the likeliest first; values of any other stand as they are."""


@dataclass(frozen=True, slots=True)
class Names:
    """Titles of the codes of a report, by their kind."""

    titles: Titles = field(default_factory=dict)

    def of(self, column: str, codes: Iterable[str]) -> dict[str, str]:
        """Return what the codes of a column are called; two of one name have their codes, too.

        Of several kinds that one comes first which knows most of the codes: a service that was
        declined is not called as a journey is.
        """
        every = tuple(codes)
        kinds = sorted(KINDS.get(column, ()), key=lambda kind: -self._known(kind, every))
        called = {code: self._of(kinds, code) for code in every}
        often = Counter(called.values())
        return {
            code: said("{name} ({code})", name=name, code=code) if often[name] > 1 else name
            for code, name in called.items()
        }

    def text(self, text: str) -> str:
        """Return a source or a note of an indicator, which can be said in other languages."""
        return self.titles.get("text", {}).get(text, text)

    def _known(self, kind: str, codes: Iterable[str]) -> int:
        words = {*self.titles.get(kind, {}), *VOCABULARY.get(kind, ())}
        return sum(code in words for code in codes)

    def _of(self, kinds: Sequence[str], code: str) -> str:
        for kind in kinds:
            known = self.titles.get(kind, {}).get(code)
            if known is not None:
                return known
        return next((in_words(k, code) for k in kinds if code in VOCABULARY.get(k, ())), code)


NO_NAMES = Names()
"""Nothing but the words of the vocabulary."""


def names_of(office: Office, report: Report, texts: Iterable[Title] = ()) -> Names:
    """Return what the codes of a report are called.

    Titles are those of its version of the definition, else of the newest version that has one; the
    names of other organisations are those that they were registered by. `texts` are what files of
    indicators say in another language.
    """
    titles: dict[str, Mapping[str, str]] = {"text": {text.en: titled(text) for text in texts}}
    for definition in _definitions(office, report):
        for kind, known in titles_of(definition).items():
            titles[kind] = {**known, **titles.get(kind, {})}
    its_own = titles.get(ORGANISATION, {})
    names = registered_names(office.organisations, _organisations(report) - {*its_own})
    return Names({**titles, ORGANISATION: {**names, **its_own}})


def _definitions(office: Office, report: Report) -> Iterator[Definition]:
    with suppress(NotPublished, NoDefinition):
        yield office.programmes.definition(report.programme, report.definition_version)
    yield from office.programmes.versions(report.programme)


def _organisations(report: Report) -> set[str]:
    """Return every code of the report that can be an organisation's."""
    of_tables = (
        word
        for table in report.tables
        for figure in table.figures
        for column, word in zip(table.by, figure.key, strict=True)
        if ORGANISATION in KINDS.get(column, ())
    )
    of_series = (row[0] for one in report.series if one.kind == "funnel" for row in one.rows)
    return {str(word) for word in (*of_tables, *of_series) if word is not None}
