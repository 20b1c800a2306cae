"""Many acts in one request: up to 500, all of them or each for itself, or only tried."""

from collections.abc import Iterable, Sequence
from typing import Any

import structlog
from fastapi import APIRouter, Response
from pydantic_core import to_json

from application.acts import new_id
from application.batch import (
    Batch,
    Broken,
    Item,
    NotRecorded,
    Outcome,
    ReferenceFailed,
    UnknownReference,
    all_or_none,
    each_alone,
)
from application.batch.references import REFERENCE
from application.intentions import UnknownClient, Who
from application.journeys import UnknownJourney
from application.permissions import CLIENT_ACTS, Denied, NotAllowed
from application.ports import Receipt, VersionConflict
from application.transact import digest_of
from domain.refusals import IllegalTransition, InvalidField
from domain.wording import said, wording_of
from interfaces.http.acts.answers import REPLAYED, status_of, told
from interfaces.http.acts.headers import Key
from interfaces.http.acts.journeys import Stale, changes, in_body, intention_in, who_asks
from interfaces.http.acts.streams import changed
from interfaces.http.answering import body_of, problem_of
from interfaces.http.batch_models import BatchReport, BatchSaid
from interfaces.http.context import Asking, Here
from interfaces.http.problems import (
    BATCH_REFUSED,
    NOT_RECORDED,
    REFERENCE_FAILED,
    UNKNOWN_REFERENCE,
    Problem,
    Wrong,
    pointer_to,
)
from interfaces.http.reading import journeys_of, tongue_of, unknown_client
from interfaces.http.withheld import refusal_told

router = APIRouter(tags=["acts"])

CHANGES_TOLD = 20
"""How many entries each stale act of a batch is told at most; the timeline has the others."""


class _Behind:
    """What changed of what a batch is of: told once of each journey, however many are stale."""

    def __init__(self, here: Here, outcomes: Iterable[Outcome]) -> None:
        self.here = here
        self._since: dict[str, int] = {}
        """The lowest version that an act was asked at, by the stream: what came since is told."""
        for one in outcomes:
            if isinstance(one, VersionConflict):
                lowest = self._since.get(one.stream, one.expected)
                self._since[one.stream] = min(lowest, one.expected)
        self._changed: dict[tuple[str, int], list[dict[str, Any]] | None] = {}

    def told(self, error: VersionConflict) -> Exception:
        """Return the conflict with what changed since, for who may see the journey.

        Who may not act on a client was refused before.
        """
        if error.stream.startswith("client:"):
            return self._told_of_client(error)
        key = (error.stream.partition(":")[2], error.actual)
        if key not in self._changed:
            try:
                self._changed[key] = changes(
                    self.here, key[0], self._since[error.stream], CHANGES_TOLD
                )
            except UnknownJourney:  # it is made by this batch alone
                return error
        newest = self._changed[key]
        if newest is None:
            return NotAllowed(Denied.SCOPE)
        return Stale(error, [one for one in newest if one["version"] > error.expected])

    def _told_of_client(self, error: VersionConflict) -> VersionConflict:
        if not self.here.office.clients.newest(error.stream).version:
            return error  # it is made by this batch alone
        return Stale(error, changed(self.here, error, CHANGES_TOLD))


_SAID: dict[type[Exception], Any] = {
    UnknownReference: UNKNOWN_REFERENCE,
    ReferenceFailed: REFERENCE_FAILED,
    NotRecorded: NOT_RECORDED,
}


@router.post(
    "/batch",
    summary="Do many acts",
    description="Up to 500 acts of clients and journeys. Where `all` is refused, the answer is a "
    "problem whose `items` are the report. A stale act is told at most the newest "
    f"{CHANGES_TOLD} entries; the timeline has the others.",
    responses={200: {"model": BatchReport, "description": "The report."}},
)
def do_batch(body: BatchSaid, here: Asking, key: Key) -> Response:
    """Do many acts, all of them or each."""
    who = who_asks(here)
    items = _items(who, body, key)
    batch = Batch(here.office, who, items, journeys_of(here), who.key(f"{key}#"))
    do = all_or_none if body.mode == "all" else each_alone
    outcomes = do(batch, dry_run=body.dry_run)
    behind = _Behind(here, outcomes)
    noted: set[tuple[str, str]] = set()
    told_to = [_told_to(here, body.acts, outcomes, n, noted) for n in range(len(outcomes))]
    report = [_report(behind, n, body.acts[n], one) for n, one in enumerate(told_to)]
    refused = sum(isinstance(one, Exception) for one in outcomes)
    if refused and body.mode == "all" and not body.dry_run:
        detail = said("nothing was recorded: see under items what is wrong with which act")
        raise Problem(BATCH_REFUSED, detail, items=report)
    told_ = {
        "mode": body.mode,
        "dry_run": body.dry_run,
        "done": len(outcomes) - refused,
        "refused": refused,
        "items": report,
    }
    repeated = all(isinstance(one, Receipt) and one.repeated for one in outcomes)
    headers = {REPLAYED: "true"} if repeated and not body.dry_run else None
    return Response(to_json(told_), 200, headers, media_type="application/json")


def _items(who: Who, body: BatchSaid, key: str) -> list[Item | Broken]:
    """Return the items of a batch; a made key stands for the whole batch as it came."""
    items: list[Item | Broken] = []
    for number, one in enumerate(body.acts):
        items.append(one if isinstance(one, Broken) else _item(who, one, f"{key}#{number}"))
    whole = digest_of(body.mode, tuple(x.said if isinstance(x, Item) else "" for x in items))
    for number, one in enumerate(body.acts):
        item = items[number]
        if isinstance(item, Item) and one.idempotency_key is None:
            digest = digest_of(whole, number)
            items[number] = Item(item.intention, item.of, digest, item.name)
    return items


def _item(who: Who, one: Any, made: str) -> Item:
    intention = intention_in(who, one.act, one.body, one.idempotency_key or made, one.version)
    if one.act in CLIENT_ACTS:
        of = getattr(one, "client", None) or new_id("client", intention.key)
        return Item(intention, of, intention.said_of(f"client:{of}"), one.called)
    given_id = one.body.journey if one.act == "refer" else one.journey
    of = given_id or new_id("journey", intention.key)
    return Item(intention, of, intention.said_of(of), one.called)


def _told_to(
    here: Here,
    acts: Sequence[Any],
    outcomes: Sequence[Outcome],
    number: int,
    noted: set[tuple[str, str]],
) -> Outcome:
    """Return what became of an act, as far as the person may be told why it was refused."""
    one, outcome = acts[number], outcomes[number]
    if not isinstance(outcome, IllegalTransition | InvalidField):
        return outcome
    journey: str | None = getattr(one, "journey", None)
    if journey is not None and journey.startswith(REFERENCE):
        journey = _made(acts, outcomes, journey.removeprefix(REFERENCE))
    if journey is None:
        return outcome
    return refusal_told(here, journey, one.act, outcome, noted)


def _made(acts: Sequence[Any], outcomes: Sequence[Outcome], name: str) -> str | None:
    """Return the journey of the act that is called so; None where it failed."""
    for one, outcome in zip(acts, outcomes, strict=True):
        if getattr(one, "called", None) == name and isinstance(outcome, Receipt):
            return outcome.stream.partition(":")[2]
    return None


def _report(behind: "_Behind", number: int, one: Any, outcome: Outcome) -> dict[str, Any]:
    here = behind.here
    broken = isinstance(one, Broken)
    report: dict[str, Any] = {"item": number, "as": one.name if broken else one.called}
    if isinstance(outcome, Receipt):
        return report | {
            "status": status_of(outcome),
            "code": None,
            "recorded": told(outcome),
            "problem": None,
        }
    problem = _problem(behind, None if broken else one, outcome)
    body = body_of(problem, tongue_of(here), instance="/batch", correlation=here.correlation)
    return report | {
        "status": problem.status_code,
        "code": problem.kind.code,
        "recorded": None,
        "problem": body,
    }


_OF_THE_ITEM = frozenset({"as", "idempotency_key"})
"""Fields that stand beside the body of an act."""


def _in_body(one: Any, error: InvalidField) -> Problem:
    """Return the problem that a field of an act's body is."""
    problem = problem_of(in_body(one.act, one.body, error))
    within = [w._replace(pointer=f"/body{w.pointer}") for w in problem.errors]
    return Problem(problem.kind, problem.detail, errors=within)


def _named(one: Any, error: Exception) -> Sequence[Wrong]:
    """Return where an act names what no other act has made."""
    if not isinstance(error, UnknownReference | ReferenceFailed):
        return ()
    if error.field:
        return _in_body(one, InvalidField(error.field, wording_of(error))).errors
    of = "client" if one.act in CLIENT_ACTS else "journey"
    return (Wrong(pointer_to(of), wording_of(error)),)


def _problem(behind: "_Behind", one: Any, error: Exception) -> Problem:
    """Return the problem that an act's refusal is; pointers begin at the item."""
    kind = _SAID.get(type(error))
    if kind is not None:
        return Problem(kind, wording_of(error), errors=_named(one, error))
    if isinstance(error, UnknownClient):
        return unknown_client(behind.here)
    if isinstance(error, VersionConflict):
        return problem_of(behind.told(error))
    if isinstance(error, InvalidField) and error.field not in _OF_THE_ITEM:
        return _in_body(one, error)
    problem = problem_of(error)
    if problem.status_code >= 500:
        structlog.get_logger().error("act-failed", code=problem.kind.code, failure=error)
    return problem
