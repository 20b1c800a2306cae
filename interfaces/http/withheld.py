"""What an answer withholds from another organisation, told with the reason."""

from collections.abc import Iterable

from application.acts import named
from application.disclosure import ACT_KINDS, ALWAYS, FIELDS, OF_JOURNEYS, WHY_WITHHELD, Shown
from application.office import KIND
from domain.journey.history import History
from domain.journey.reliance import Doubt
from domain.refusals import IllegalTransition, InvalidField, LiesAhead
from domain.wording import Tongue, in_language, in_words, said
from interfaces.http.context import Here
from interfaces.http.journey_models import Coded, Withheld

_OF_WHAT_IS_KNOWN = frozenset({"reference", "step", "service", "entry", "event", "occurred_on"})
"""The fields of acts whose refusal tells of what the journey has already."""

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
    kinds = OF_JOURNEYS if code == "enter-phase" else ACT_KINDS.get(code, ALWAYS)
    return code == "refer" or kinds <= shown.kinds


def refusal_told(here: Here, journey: str, code: str, refusal: Exception) -> Exception:
    """Return the refusal of an act without what is withheld of how the journey stands.

    A journey that is not in the log is made by the same request: all of it is the person's own.
    """
    there = here.office.histories.newest(named(KIND, journey)).version
    if not there or may_say_why(code, here.shown(journey)):
        return refusal
    if isinstance(refusal, IllegalTransition):
        return IllegalTransition(state=WITHHELD, act=refusal.act, missing=ASK)
    if isinstance(refusal, LiesAhead):
        return refusal
    if isinstance(refusal, InvalidField) and refusal.field in _OF_WHAT_IS_KNOWN:
        return InvalidField(refusal.field, _DOES_NOT_FIT)
    return refusal
