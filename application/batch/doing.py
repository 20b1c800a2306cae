"""All acts of a batch together or none, or each for itself."""

from dataclasses import replace
from functools import wraps
from typing import Protocol

from application.batch.ahead import Ahead
from application.batch.items import Batch, NotRecorded, Outcome, keys_of
from application.batch.references import in_turn
from application.ports import KeyReused, VersionConflict
from application.transact import TRIES as TRIES_ALONE

TRIES = 5
"""How often a whole batch is decided anew when others write to the same streams meanwhile."""


class _Doing(Protocol):
    def __call__(self, batch: Batch, *, dry_run: bool = False) -> list[Outcome]: ...


def _in_turn(do: _Doing) -> _Doing:
    """Return what does acts in the order in which they name each other."""

    @wraps(do)
    def done(batch: Batch, *, dry_run: bool = False) -> list[Outcome]:
        places = in_turn(batch.items)
        ordered = replace(batch, items=[batch.items[place] for place in places], places=places)
        outcomes = dict(zip(places, do(ordered, dry_run=dry_run), strict=True))
        return [outcomes[place] for place in range(len(places))]

    return done


@_in_turn
def all_or_none(batch: Batch, *, dry_run: bool = False) -> list[Outcome]:
    """Do all acts in one transaction, or none; one outcome each.

    Where one is refused, the others that could have been done are NotRecorded; what was recorded by
    an earlier request with the same key has its receipt. `dry_run` decides
    the same and stores nothing. Raises VersionConflict where others write to the same streams
    again and again, and KeyReused for the batch's own key.
    """
    conflict = None
    for _ in range(TRIES):
        ahead = Ahead(batch)
        outcomes = ahead.take_all()
        batch.require_same(outcomes)
        if dry_run:
            return outcomes
        if any(isinstance(one, Exception) for one in outcomes):
            return [one if _stands(one) else NotRecorded() for one in outcomes]
        try:
            return ahead.append()
        except VersionConflict as raced:
            conflict = raced
        except KeyReused as reused:
            batch.require_same([reused])
            return [reused if key == reused.key else NotRecorded() for key in keys_of(batch.items)]
    assert conflict is not None  # noqa: S101 - only a conflict goes on with the loop
    raise conflict


def _stands(outcome: Outcome) -> bool:
    """Whether it is as told though nothing is recorded: a refusal, or what was recorded before."""
    return isinstance(outcome, Exception) or outcome.repeated


@_in_turn
def each_alone(batch: Batch, *, dry_run: bool = False) -> list[Outcome]:
    """Do each act that can be done; one outcome each.

    An act that names what a refused one was to make is refused too (ReferenceFailed). What can be
    done is first tried in one transaction; where somebody else comes in between, act by act. Raises
    KeyReused for the batch's own key.
    """
    ahead = Ahead(batch)
    outcomes = ahead.take_all()
    batch.require_same(outcomes)
    if dry_run:
        return outcomes
    try:
        return ahead.append()
    except (VersionConflict, KeyReused):
        return _one_by_one(batch)


def _one_by_one(batch: Batch) -> list[Outcome]:
    batch.require_same(Ahead(batch).take_all())  # another batch may have come in between
    outcomes: list[Outcome] = []
    for number in range(len(batch.items)):
        for _ in range(TRIES_ALONE):
            ahead = Ahead(batch, list(outcomes))
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
