"""One follower of the log for each process, whom all live connections listen to.

The newest changes are kept in memory, as many as are stated, each made once for all who listen. A
connection has no queue: it has a position, and reads on from there when it can. One that reads so
slowly that what it needs is kept no more is let go, and can resume from the log.
"""

import asyncio
import threading
from collections import deque
from dataclasses import dataclass, field
from itertools import islice
from operator import attrgetter
from typing import Any

import structlog

from application.changes import Change, JourneyNotReadable, Journeys, change_of
from application.office import Office
from application.ports import Recorded
from domain.erasure import ClientErased, DataErased
from domain.same_person import MergeEvent
from domain.wording import Tongue
from interfaces.http.changes import Known, change_told

KEPT = 5_000
"""How many changes are kept in memory for those who listen."""

AT_A_TIME = 200
"""How many entries of the log are read at a time by a connection that catches up."""


@dataclass(slots=True)
class Kept:
    """A change as it is kept, written once for each language; None: an entry of no journey."""

    position: int
    change: Change | None
    _written: dict[str, str] = field(default_factory=dict)

    def is_written(self, tongue: Tongue) -> bool:
        """Whether there is nothing left to be written in a language."""
        return self.change is None or tongue.language in self._written

    def written(self, tongue: Tongue, known: Known) -> str:
        """Return the change as JSON, in a language; written at first with its client as known."""
        if self.change is None:
            return ""
        if tongue.language not in self._written:
            told = change_told(self.change, tongue, known)
            self._written[tongue.language] = told.model_dump_json()
        return self._written[tongue.language]


class Follower:
    """Follows the log in a thread of its own as long as somebody listens."""

    def __init__(self, office: Office, kept: int = KEPT) -> None:
        self._office, self._most = office, kept
        self._kept: deque[Kept] = deque(maxlen=kept)
        self._since = 0
        self.erasures = 0
        """How many erasures it came by: what was read before one may tell what is erased."""
        self.identities = 0
        """How many merges and splits it came by: since one, a client may have other ids."""
        self._keys: dict[str, tuple[int, frozenset[str]]] = {}
        self._ears: set[Ear] = set()
        self._following: Any = None
        self._lock = threading.Lock()

    def add(self, ear: "Ear") -> None:
        """Ring the ear's bell whenever something is recorded from now on; it asks the log."""
        position = self._office.log.position()  # who else listens does not wait for the answer
        with self._lock:
            self._ears.add(ear)
            if self._following is None:
                self._start(position)

    def remove(self, ear: "Ear") -> None:
        """Let the ear be; where nobody listens any more, nothing is followed, and nothing kept."""
        with self._lock:
            self._ears.discard(ear)
            following = None if self._ears else self._following
            if following is not None:
                self._following = None
                self._let_go()
        if following is not None:
            following.close()

    def after(self, position: int) -> list[Kept] | None:
        """Return what is kept above the position; None where that is not all there is."""
        with self._lock:
            if position < self._since:
                return None
            found: list[Kept] = []
            for kept in reversed(self._kept):
                if kept.position <= position:
                    break
                found.append(kept)
            return found[::-1]

    def keys(self, change: Change) -> frozenset[str]:
        """Return the keys of the change's journey as they are now, as far as followed."""
        as_of, followed = self._keys.get(change.journey, (0, change.keys))
        # What a connection has read from the log can be ahead of what was followed.
        return followed if as_of >= change.as_of else change.keys

    def _start(self, position: int) -> None:
        self._since = position
        self._following = self._office.log.follow(after=position, unread=pass_over)
        thread = threading.Thread(
            target=self._follow, args=(self._following,), name="changes", daemon=True
        )
        thread.start()

    def _follow(self, following: Any) -> None:
        try:
            for recorded in following:
                if isinstance(recorded.entry.event, ClientErased | DataErased):
                    self._forget(following, recorded.entry.position)
                if isinstance(recorded.entry.event, MergeEvent):
                    with self._lock:
                        self.identities += 1
                self._keep(following, _kept(self._office, recorded))
        except Exception as error:  # noqa: BLE001 - those who listen are let go, and come again
            structlog.get_logger().error("changes-not-followed", failure=error)
        finally:
            self._end(following)

    def _let_go(self) -> None:
        """Keep nothing where nothing is followed: it would not be heard who is erased.

        Only in the turn of the lock.
        """
        if self._kept:
            self._since = self._kept[-1].position
        self._kept.clear()
        self._keys.clear()

    def _forget(self, following: Any, position: int) -> None:
        """Keep nothing from before an erasure: in the log it is erased, and is read from there."""
        with self._lock:
            if following is self._following:
                self._kept.clear()
                self._since = position - 1
                self.erasures += 1

    def _keep(self, following: Any, kept: Kept) -> None:
        with self._lock:
            if following is not self._following:
                return  # another follower has begun since
            if len(self._kept) == self._most:
                self._since = self._kept[0].position
            self._kept.append(kept)
            if kept.change is not None:
                self._keys[kept.change.journey] = kept.change.as_of, kept.change.keys
            if len(self._keys) > 2 * self._most:
                there = {one.change.journey for one in self._kept if one.change is not None}
                self._keys = {name: self._keys[name] for name in there}
            ears = tuple(self._ears)
        for ear in ears:
            ear.ring()

    def _end(self, following: Any) -> None:
        following.close()
        with self._lock:
            if following is not self._following:
                return
            self._following = None
            self._let_go()
            ears, self._ears = tuple(self._ears), set()
        for ear in ears:
            ear.deaf = True
            ear.ring()


class Ear:
    """Whom one connection hears by: a bell in its event loop."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._bell = asyncio.Event()
        self.deaf = False

    def ring(self) -> None:
        """Ring the bell; any thread may."""
        try:
            self._loop.call_soon_threadsafe(self._bell.set)
        except RuntimeError:
            self.deaf = True  # the loop is closed: nobody is there to hear

    async def heard(self, seconds: float) -> None:
        """Return when the bell rings, or the time is over."""
        try:
            await asyncio.wait_for(self._bell.wait(), seconds)
        except TimeoutError:
            return
        self._bell.clear()


def read_after(office: Office, position: int) -> list[Kept]:
    """Return entries of the log above a position, some at a time; nobody's what cannot be read."""
    unread: list[int] = []
    known: Journeys = {}
    entries = islice(office.log.read(after=position, unread=unread.append), AT_A_TIME)
    found = [_kept(office, one, known) for one in entries]
    for one in unread:
        pass_over(one)
        found.append(Kept(one, None))
    return sorted(found, key=attrgetter("position"))


def pass_over(position: int) -> None:
    """Tell in the log of the service of an entry that nobody who listens hears of."""
    structlog.get_logger().warning("change-not-readable", position=position)


def _kept(office: Office, recorded: Recorded, known: Journeys | None = None) -> Kept:
    """Return an entry as it is kept; as nobody's change where its journey cannot be read."""
    position = recorded.entry.position
    try:
        return Kept(position, change_of(office, recorded, known))
    except JourneyNotReadable:
        pass_over(position)
        return Kept(position, None)
