"""What changes in my scope as it changes: server-sent events, resumable."""

from collections.abc import AsyncIterable, Iterable
from dataclasses import dataclass, field, replace
from math import inf
from time import monotonic
from typing import Annotated, Any, TypeAlias

from fastapi import APIRouter, Depends, Header, Query, Request
from fastapi.sse import EventSourceResponse, ServerSentEvent
from pydantic import Field
from starlette.concurrency import run_in_threadpool

from application.changes import Change, is_readable
from application.client_scope import with_own_ids
from application.disclosure import WHOLE, Shown, is_gated
from application.of_whom import Read
from application.ports import NotReadable, TextNotReadable
from application.scope import Role, Scope, may_see, responsible_key
from application.views.rows import ClientRow
from domain.data_kinds import DataKind
from domain.wording import said
from interfaces.http.changes import change_told, clients_of, kinds_of
from interfaces.http.clocks import Question
from interfaces.http.context import Asking, Here
from interfaces.http.following import Ear, Follower, Kept, pass_over, read_after
from interfaces.http.heads import is_unread
from interfaces.http.problems import INVALID, Problem, Wrong
from interfaces.http.reading import require, tongue_of

router = APIRouter(tags=["changes"])

LONGEST_SECONDS = 3_600
"""How long a connection lasts at most: the program that listens comes again by itself."""

LOOK_SECONDS = 1.0
"""How late a connection notices at worst that the process is asked to stop."""

SCOPE_SECONDS = 30.0
"""How often it is asked anew who listens, and what is in that person's scope. Whose a journey is is
known with each change, and which ids a client has with each merge and split."""

AGREED_SECONDS = 1.0
"""How long that is taken as it is for what only an agreement can have in scope: it begins and ends.
"""

MARK_SECONDS = 10.0
"""How often a listener is told how far the log was looked through where nothing was for it."""

RETRY_MS = 2_000
"""After how long a program that listens comes again."""


class LiveQuery(Question):
    """From where on changes are wanted, and for how long."""

    after: Annotated[int, Field(ge=0, le=2**62)] | None = None
    """A position of the log; without it, and without Last-Event-ID, from now on."""
    seconds: Annotated[float, Field(gt=0, le=LONGEST_SECONDS)] = LONGEST_SECONDS
    """How long the connection is to last."""


def _place(
    asked: Annotated[LiveQuery, Query()],
    here: Asking,
    last_event_id: Annotated[
        str | None,
        Header(description="The id of the last event that was received: where to go on after."),
    ] = None,
) -> tuple[Here, int, float]:
    """Return who listens, after which position, and for how many seconds. Raises Problem."""
    require(here, "changes")
    if last_event_id:
        if not (last_event_id.isascii() and last_event_id.isdigit() and len(last_event_id) < 19):
            wrong = Wrong("/last-event-id", said("send the id of an event"), place="header")
            raise Problem(INVALID, said("Last-Event-ID is no id of an event"), errors=[wrong])
        after: int | None = int(last_event_id)
    else:
        after = asked.after
    position = here.office.log.position()
    return here, position if after is None else min(after, position), asked.seconds


@router.get(
    "/changes/live",
    summary="What changes, as it changes",
    response_class=EventSourceResponse,
)
async def follow_changes(
    request: Request, place: Annotated[tuple[Here, int, float], Depends(_place)]
) -> AsyncIterable[ServerSentEvent]:
    """Send each change in scope as a server-sent event `change`: data as in GET /changes.

    The id of an event is its position: send the last one as Last-Event-ID (browsers do) to go on
    without missing or doubling any. Where nothing is for the listener, an id alone is sent from
    time to time. The connection ends after its time, when the process stops, when the token is no
    longer good, and when it is read too slowly: come again.
    """
    if is_unread(request.scope):
        return  # a change that was made ready would be noted as read
    here, position, seconds = place
    listener = _Listener(request, here, position, seconds)
    yield ServerSentEvent(event="begin", id=str(position), retry=RETRY_MS, data={"after": position})
    follower = _follower(request, here)
    await run_in_threadpool(follower.add, listener.ear)
    try:
        async for sent in listener.events(follower):
            yield sent
    finally:
        follower.remove(listener.ear)


def _follower(request: Request, here: Here) -> Follower:
    """Return the follower of this process."""
    state = request.app.state
    if getattr(state, "follower", None) is None:
        state.follower = Follower(here.office)
    found: Follower = state.follower
    return found


_Sent: TypeAlias = tuple[str, str, DataKind | None, Shown, tuple[Read, ...]]
"""Of whom and which journey something is sent, of which kind where it leaves, and on what ground.

With whom it tells of beside.
"""


@dataclass(slots=True)
class _Listener:
    """One connection: who listens, how far it has come, and how long it lasts.

    Its time is counted from when the first of what happened before it was sent: so a short one
    tells that, too, when the service has much to do.
    """

    request: Request
    here: Here
    position: int
    seconds: float
    until: float = inf
    ear: Ear = field(default_factory=Ear)
    _read: set[_Sent] = field(default_factory=set)
    """What is noted of journeys of which nothing leaves: once, however long it lasts."""
    _left: set[_Sent] = field(default_factory=set)
    """What is noted of the others: what is sent later leaves later."""
    _marked: float = field(default_factory=monotonic)
    _asked: float = field(default_factory=monotonic)
    _live: bool = False
    _asked_for: int = 0
    """The position of what only an agreement can have in scope for which that was asked last."""
    _identities: int | None = None
    """How many merges and splits the follower had come by when it was asked who listens."""

    async def events(self, follower: Follower) -> AsyncIterable[ServerSentEvent]:
        """Yield the changes in scope, until the connection is over."""
        erasures = follower.erasures
        while not self._over() and await self._still_may(follower):
            if erasures != follower.erasures:
                erasures, self._live = follower.erasures, False  # it reads on from the log
            batch = await self._next(follower)
            if batch is None:
                return  # it reads too slowly, or may not any more
            known = await self._clients(batch, follower)
            self._left.clear()
            for kept in batch:
                if self._over() or erasures != follower.erasures or self._is_late(kept, follower):
                    break  # it may be of who is erased now, or is another's: it is read anew
                sent = await self._sent(kept, follower, known)
                self.position = kept.position
                if sent is not None:
                    self._marked = monotonic()
                    yield sent
            if self.until == inf:
                self.until = monotonic() + self.seconds
            if not batch:
                await self.ear.heard(min(LOOK_SECONDS, max(0.0, self.until - monotonic())))
            if monotonic() - self._marked > MARK_SECONDS:
                self._marked = monotonic()
                yield ServerSentEvent(id=str(self.position))

    async def _next(self, follower: Follower) -> list[Kept] | None:
        """Return what follows; None where it is kept no more, or nobody knows who listens.

        What is read from the log can be ahead of the follower: of a split that it has not come by
        yet, too, so that it is asked after the reading which ids a client has.
        """
        batch = follower.after(self.position)
        if batch is not None:
            self._live = True
        elif not self._live:
            batch = await run_in_threadpool(read_after, self.here.office, self.position)
            if self.here.scope.role is Role.CLIENT and not await self._ask_anew(follower):
                return None
        return batch

    async def _clients(self, batch: list[Kept], follower: Follower) -> dict[str, ClientRow | None]:
        """Return the clients of what is still to be written for this listener, asked for once."""
        tongue = tongue_of(self.here)
        unwritten = [one.change for one in batch if one.change and not one.is_written(tongue)]
        return await self._looked_up(one for one in unwritten if self._may_see(one, follower))

    async def _looked_up(self, of: Iterable[Change]) -> dict[str, ClientRow | None]:
        changes = list(of)
        if not changes:
            return {}
        found = await run_in_threadpool(clients_of, self.here, changes)
        return {one.client: found.get(one.client) for one in changes}

    def _may_see(self, change: Change, follower: Follower) -> bool:
        return may_see(self.here.scope, follower.keys(change))

    async def _sent(
        self, kept: Kept, follower: Follower, known: dict[str, ClientRow | None]
    ) -> ServerSentEvent | None:
        """Return a change as it is sent, None where it is not in scope at this moment."""
        change = kept.change
        if change is None or not self._may_see(change, follower):
            return None
        try:
            return await self._noted(kept, change, follower, known)
        except NotReadable:
            # It could be read when it was kept; where something else cannot be, nobody goes on.
            if await run_in_threadpool(is_readable, self.here.office, change.journey):
                raise
            pass_over(kept.position)
            return None

    async def _noted(
        self,
        kept: Kept,
        change: Change,
        follower: Follower,
        known: dict[str, ClientRow | None],
    ) -> ServerSentEvent | None:
        """Return a change as it is sent, once it is noted; None where it is not to be told.

        Raises NotReadable.
        """
        shown = await self._shown(change, follower)
        if not shown.has(change.kind):
            return None
        written = await self._written(kept, change, known)
        if written is None:
            return None
        beside = await self._beside(change)
        leaves = shown.way is not None
        kind, noted = (change.kind, self._left) if leaves else (None, self._read)
        read = change.client, change.journey, kind, shown, tuple(beside)
        if read not in noted:
            await run_in_threadpool(
                self.here.note_readings,
                "changes",
                [(change.client or None, change.journey)],
                kinds_of([change]),
                beside=beside,
            )
            noted.add(read)
        return ServerSentEvent(event="change", id=str(kept.position), raw_data=written)

    async def _written(
        self, kept: Kept, change: Change, known: dict[str, ClientRow | None]
    ) -> str | None:
        """Return a change as JSON, None where a text of it cannot be read: it is passed over."""
        tongue, own = tongue_of(self.here), await self._own(change)
        as_kept = own == change
        if not (as_kept and kept.is_written(tongue)) and change.client not in known:
            known |= await self._looked_up([change])  # in scope since a moment
        try:
            if as_kept:
                return kept.written(tongue, known)
            return change_told(own, tongue, known).model_dump_json()
        except TextNotReadable:
            pass_over(kept.position)
            return None

    async def _beside(self, change: Change) -> list[Read]:
        if not self.here.may_tell_of_others(change):
            return []
        return await run_in_threadpool(self.here.beside_changes, [change])

    async def _own(self, change: Change) -> Change:
        if self.here.scope.role is not Role.CLIENT:
            return change
        (own,) = await run_in_threadpool(self.here.own_changes, [change])
        return own

    async def _shown(self, change: Change, follower: Follower) -> Shown:
        """Return what consent or role lets the listener see of it, as it is at this moment."""
        if not is_gated(self.here.scope):
            return WHOLE
        here = Here(self.here.parts, self.here.scope, self.here.language, self.here.correlation)
        self.here = here  # what was looked up before may hold no more
        if responsible_key(here.scope.organisation) in follower.keys(change):
            return WHOLE
        return await run_in_threadpool(here.shown, change.journey)

    def _over(self) -> bool:
        stopping: Any = getattr(self.request.app.state, "stopping", None)
        stopped = stopping is not None and stopping.is_set()
        return stopped or self.ear.deaf or monotonic() >= self.until

    def _identified(self) -> Scope:
        parts = self.here.parts
        return with_own_ids(parts.office, parts.identify(self.request))

    def _is_outdated(self, follower: Follower) -> bool:
        """Whether a client who listens may have other ids by now."""
        return self.here.scope.role is Role.CLIENT and self._identities != follower.identities

    def _is_late(self, kept: Kept, follower: Follower) -> bool:
        """Whether who listens may be somebody else by now, or may not see this any more."""
        return self._is_outdated(follower) or self._is_asked_for(kept, follower)

    def _is_asked_for(self, kept: Kept, follower: Follower) -> bool:
        """Whether it is to be asked anew who listens before this is sent or left out.

        It is asked once for each: whoever is told slowly who that is still goes on.
        """
        if monotonic() - self._asked <= AGREED_SECONDS or kept.position == self._asked_for:
            return False
        if kept.change is None or not self._hangs_on_agreement(kept.change, follower):
            return False
        self._asked, self._asked_for = -inf, kept.position
        return True

    def _hangs_on_agreement(self, change: Change, follower: Follower) -> bool:
        alone = replace(self.here.scope, partners=frozenset())
        return is_gated(alone) and not may_see(alone, follower.keys(change))

    async def _still_may(self, follower: Follower) -> bool:
        """Ask anew, from time to time, who listens: tokens end, and scopes change."""
        if monotonic() - self._asked > SCOPE_SECONDS or self._is_outdated(follower):
            return await self._ask_anew(follower)
        return True

    async def _ask_anew(self, follower: Follower) -> bool:
        self._asked, self._identities = monotonic(), follower.identities
        try:
            scope = self.here.parts.recognise(self.request)
            if scope is None or scope.role is Role.CLIENT:
                scope = await run_in_threadpool(self._identified)
        except Exception:  # noqa: BLE001 - whoever is not known any more hears no more
            return False
        self.here = Here(self.here.parts, scope, self.here.language, self.here.correlation)
        return True
