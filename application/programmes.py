"""What people do with programmes, and how a definition is had by its version or by the day."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from datetime import date
from typing import Protocol

from application.acts import do, named
from application.ports import EventLog, Receipt
from application.transact import Asked, Streams
from domain.definition import Definition, NoDefinition
from domain.entry import Entry
from domain.faults import DefinitionFaults
from domain.programme import decisions
from domain.programme.events import ProgrammeEvent
from domain.programme.state import UNKNOWN, Programme, Version, fold
from domain.wording import Listed, Wording, said


class DefinitionReader(Protocol):
    """Makes values of a definition's text; `origin` names the text in faults."""

    def __call__(self, text: str, origin: str) -> Definition:
        """Return the definition of the text. Raises DefinitionFaults with every fault found."""
        ...


class NotPublished(NoDefinition):
    """A programme was asked for, or a version of it, that nobody published."""


class Programmes:
    """The programmes of a log, and their definitions.

    A published version never changes: its definition is read once. Which versions there are is
    asked of the log each time.
    """

    def __init__(self, log: EventLog, read_definition: DefinitionReader) -> None:
        self.streams: Streams[Programme] = Streams(log, UNKNOWN, _extended)
        self.read_definition = read_definition
        self._definitions: dict[tuple[str, int], Definition] = {}

    def definition(self, programme: str, version: int) -> Definition:
        """Return one version of a programme's definition. Raises NotPublished."""
        known = self._definitions.get((programme, version))
        if known is not None:
            return known
        state = self.state(programme)
        published = state.numbered(version)
        if published is None:
            raise NotPublished(
                said(
                    "{programme} has no version {version}: {published}",
                    programme=programme,
                    version=version,
                    published=_published(state),
                )
            )
        return self._definition(programme, published)

    def current(self, programme: str, day: date) -> Definition:
        """Return the newest version in force on the day. Raises NotPublished before the first."""
        state = self.state(programme)
        published = state.current(day)
        if published is None:
            raise NotPublished(
                said(
                    "{programme} is not in force on {day}: {published}",
                    programme=programme,
                    day=day,
                    published=_published(state),
                )
            )
        return self._definition(programme, published)

    def versions(self, programme: str) -> Iterator[Definition]:
        """Yield the versions of a programme's definition that can be read, newest first.

        They are those that are remembered, where any are: the log is not asked for each title.
        """
        if not programme:
            return
        for version in reversed(self.streams.remembered(named("programme", programme)).versions):
            with suppress(DefinitionFaults):
                yield self._definition(programme, version)

    def check_published(self, programme: str) -> None:
        """Raise NotPublished where no version of the programme was ever published here."""
        if not self.state(programme).versions:
            raise NotPublished(said("{programme} was never published here", programme=programme))

    def published(self) -> dict[str, Programme]:
        """Return every programme of the log by its code, in the order of the codes."""
        prefix = "programme:"
        codes = [stream.removeprefix(prefix) for stream in self.streams.log.streams(prefix)]
        return {code: self.state(code) for code in codes}

    def state(self, programme: str) -> Programme:
        """Return the programme as the log has it now; without versions where nobody knows it."""
        return self.streams.newest(named("programme", programme))

    def read_all(self) -> None:
        """Read every published definition, so that nobody who asks has to wait for it.

        One that cannot be read is left to whoever needs it.
        """
        for code, state in self.published().items():
            for version in state.versions:
                with suppress(DefinitionFaults):
                    self._definition(code, version)

    def _definition(self, programme: str, published: Version) -> Definition:
        key = (programme, published.number)
        if key not in self._definitions:
            origin = f"{programme}, version {published.number}"
            self._definitions[key] = self.read_definition(published.definition, origin)
        return self._definitions[key]


def publish(programmes: Programmes, asked: Asked, text: str, origin: str) -> Receipt:
    """Publish a programme's first version; `origin` (a file name) names the text in faults.

    Raises DefinitionFaults, and IllegalTransition where another text was published already.
    """
    return _issue(programmes, asked, decisions.publish, text, origin)


def revise(programmes: Programmes, asked: Asked, text: str, origin: str) -> Receipt:
    """Publish a programme's next version; journeys keep theirs until they adopt it.

    Raises DefinitionFaults, IllegalTransition where it is not the next or the programme is
    closed, and InvalidField where it would be in force before the version that it follows.
    """
    return _issue(programmes, asked, decisions.revise, text, origin)


def join(programmes: Programmes, programme: str, asked: Asked, organisation: str) -> Receipt:
    """Let an organisation run the programme with the others."""
    stream = named("programme", programme)
    return do(
        programmes.streams, stream, asked, decisions.join, organisation=organisation, on=asked.on
    )


def leave(
    programmes: Programmes, programme: str, asked: Asked, organisation: str, reason: str
) -> Receipt:
    """Record that an organisation that had joined no longer runs the programme."""
    return do(
        programmes.streams,
        named("programme", programme),
        asked,
        decisions.leave,
        organisation=organisation,
        reason=reason,
        on=asked.on,
    )


def set_target(
    programmes: Programmes,
    programme: str,
    asked: Asked,
    *,
    target: str,
    measure: str,
    value: float,
    organisation: str | None = None,
) -> Receipt:
    """Set a target of the programme, or of one organisation that has joined it."""
    return do(
        programmes.streams,
        named("programme", programme),
        asked,
        decisions.set_target,
        target=target,
        measure=measure,
        value=value,
        organisation=organisation,
    )


def close(programmes: Programmes, programme: str, asked: Asked, reason: str) -> Receipt:
    """Close the programme: no further version, organisation or target."""
    stream = named("programme", programme)
    return do(programmes.streams, stream, asked, decisions.close, reason=reason, on=asked.on)


def _issue(
    programmes: Programmes,
    asked: Asked,
    decision: Callable[..., tuple[ProgrammeEvent, ...]],
    text: str,
    origin: str,
) -> Receipt:
    found = programmes.read_definition(text, origin)
    return do(
        programmes.streams,
        named("programme", found.programme),
        asked,
        decision,
        version=found.version,
        effective_from=found.effective_from,
        definition=text,
        digest=found.digest,
    )


def _published(state: Programme) -> Wording:
    if not state.versions:
        return said("publish it first")
    told = (
        said("{number} (from {day})", number=v.number, day=v.effective_from) for v in state.versions
    )
    return said("published are version {versions}", versions=Listed(told))


def _extended(programme: Programme, entries: Iterable[Entry[ProgrammeEvent]]) -> Programme:
    return fold(entries, programme)
