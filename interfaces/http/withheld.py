"""What an answer withholds from another organisation, told with the reason."""

from collections.abc import Iterable

from application.acts import named
from application.disclosure import ACT_KINDS, FIELDS, OF_JOURNEYS, WHY_WITHHELD, Shown
from application.office import KIND
from domain.data_kinds import DataKind
from domain.journey.history import History
from domain.journey.reliance import Doubt
from domain.refusals import IllegalTransition, InvalidField, LiesAhead
from domain.wording import Tongue, in_language, in_words, said
from interfaces.http.context import Here
from interfaces.http.journey_models import Coded, Withheld

_OF_WHAT_IS_KNOWN = frozenset({"reference", "step", "service", "entry", "event", "occurred_on"})
"""The fields of acts whose refusal tells of what the journey has already."""

_COURSE = frozenset({DataKind.COURSE})

WITHHELD = said("how things stand is withheld: the client has not consented that you see it")
ASK = said("ask the responsible organisation")
_DOES_NOT_FIT = said("it does not fit what the journey has, which is withheld")


def withheld_told(shown: Shown, tongue: Tongue, among: set[str] | None = None) -> list[Withheld]:
    """Return what is withheld; `among` are the fields that the answer has of other kinds."""
    named = among or set()
    reason = in_language(WHY_WITHHELD, tongue)
    return [
        Withheld.model_construct(
            kind=Coded.model_construct(
                code=kind.value, title=in_language(in_words("data-kind", kind.value), tongue)
            ),
            fields=[field for field, of in FIELDS.items() if of is kind and field in named],
            reason=reason,
        )
        for kind in shown.withheld
    ]


def doubts_shown(doubts: Iterable[Doubt], known: History, shown: Shown) -> list[Doubt]:
    """Return those of which the entry corrected and the decision that leaned on it are shown."""
    of = shown.entries(known)

    def is_shown(version: int | None) -> bool:
        entry = None if version is None else known.entry(version)
        return entry is None or of(entry)

    return [one for one in doubts if is_shown(one.corrected) and is_shown(one.entry)]


def may_say_why(code: str, shown: Shown) -> bool:
    """Whether it is told why the act cannot be: it speaks of how the journey stands."""
    return code == "refer" or _spoken_of(code) <= shown.kinds


def _spoken_of(code: str) -> frozenset[DataKind]:
    """Return the kinds of data that are spoken of where it is told why the act cannot be."""
    return OF_JOURNEYS if code == "enter-phase" else ACT_KINDS.get(code, _COURSE)


def _tells_how_it_stands(refusal: Exception) -> bool:
    if isinstance(refusal, InvalidField):
        return refusal.field in _OF_WHAT_IS_KNOWN and not isinstance(refusal, LiesAhead)
    return isinstance(refusal, IllegalTransition)


def refusal_told(
    here: Here, journey: str, code: str, refusal: Exception, noted: set[tuple[str, str]]
) -> Exception:
    """Return the refusal of an act without what is withheld of how the journey stands.

    What it tells of that is a reading, which is noted once in a request: `noted` are the journeys
    and acts of which it was. A journey that is not in the log is made by the same request: all of
    it is the person's own.
    """
    known = here.office.histories.newest(named(KIND, journey))
    if not known.version:
        return refusal
    shown = here.shown(journey, known.journey)
    if may_say_why(code, shown):
        if shown.kinds and _tells_how_it_stands(refusal) and (journey, code) not in noted:
            noted.add((journey, code))
            read = [(known.journey.client or None, journey)]
            here.note_readings("journey-acts", read, {journey: _spoken_of(code)})
        return refusal
    if isinstance(refusal, IllegalTransition):
        return IllegalTransition(state=WITHHELD, act=refusal.act, missing=ASK)
    if isinstance(refusal, LiesAhead):
        return refusal
    if isinstance(refusal, InvalidField) and refusal.field in _OF_WHAT_IS_KNOWN:
        return InvalidField(refusal.field, _DOES_NOT_FIT)
    return refusal
