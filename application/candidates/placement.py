"""Ways to place a client with an employer, and to support the placement with money."""

from collections.abc import Callable
from decimal import Decimal

from application.candidates.way import (
    WORDS,
    Asked,
    Fields,
    Way,
    Ways,
    each,
    new_reference,
    signatories,
    silent,
    words,
)
from domain.journey.state import MoneyKind
from domain.wording import said

_NO_PLACEMENT = said("no placement was proposed yet")


def propose_placement(asked: Asked) -> Ways:
    """Return the one way to propose a placement, of any form."""
    reference = new_reference("placement", (p.reference for p in asked.history.journey.placements))
    forms = asked.act.definition.placement_forms
    return (
        Way(codes={"form": forms}, free=lambda n: {"reference": reference, "employer": words(n)}),
    )


def each_placement(free: Callable[[int], Fields] = silent) -> Callable[[Asked], Ways]:
    """Return what gives a way for each placement."""

    def ways(asked: Asked) -> Ways:
        return each("reference", _placements(asked), _NO_PLACEMENT, free=free)

    return ways


def _placements(asked: Asked) -> list[str]:
    return [placement.reference for placement in asked.history.journey.placements]


def agree_placement(asked: Asked) -> Ways:
    """Return each placement, signed."""

    def free(attempt: int) -> Fields:
        return {"signatories": signatories(asked, attempt)}

    return each("reference", _placements(asked), _NO_PLACEMENT, free=free)


def _money(asked: Asked) -> Callable[[int], Fields]:
    act = asked.act

    def free(attempt: int) -> Fields:
        return {
            "amount": Decimal("0.01"),
            "currency": "EUR",
            "payer": f"{act.by.organisation}{' again' * attempt}",
            "start": act.on,
            "end": act.on,
        }

    return free


def grant(asked: Asked) -> Ways:
    """Return each placement, to be supported with money."""
    return each("reference", _placements(asked), _NO_PLACEMENT, free=_money(asked))


def pay(asked: Asked) -> Ways:
    """Return each grant that was awarded; else each placement."""
    awarded = [m for m in asked.history.journey.money if m.kind is MoneyKind.GRANT_AWARDED]
    grants = dict.fromkeys((m.reference, m.currency) for m in awarded)
    free = _money(asked)
    ways = [Way({"reference": place, "currency": money}, free=free) for place, money in grants]
    return ways or grant(asked)


def advise(_asked: Asked) -> Ways:
    """Return the one way to advise an employer."""
    return (Way(free=lambda n: {"employer": WORDS[0], "topic": words(n)}),)
