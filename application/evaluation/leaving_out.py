"""Which of the entries recorded since make what somebody counts differ: found by leaving some out.

What is asked for is always what somebody comes to if, of the entries since, only some were there.
So nothing is said of what an entry tells, and what one entry does to another, as a correction does,
is counted as it counts.
"""

from collections.abc import Callable, Generator, Hashable, Iterable, Mapping, Sequence
from typing import NamedTuple, TypeAlias, TypeVar

Some: TypeAlias = frozenset[int]
"""Entries, by their positions."""

Answer: TypeAlias = Hashable
"""What somebody comes to, as far as a figure depends on it."""

Asking: TypeAlias = Generator[Some, Answer, "Needed"]
"""Asks what it comes to with some of the entries since, and is sent the answer."""


class Needed(NamedTuple):
    """The entries that make the difference, by their positions in the log.

    `together` are those that make it only together: one of each tuple at least makes none by
    itself. `instead` are those any one of which would do: it is as it is unless all of the tuple
    are left out.
    """

    entries: tuple[int, ...] = ()
    together: tuple[tuple[int, ...], ...] = ()
    instead: tuple[tuple[int, ...], ...] = ()


NOTHING = Needed()

MOST = 40
"""Of more entries of one person those that follow each other are left out together: each question
takes nearly as long as a report."""

FEW = 12
"""Among how many entries, at most, those are looked for that make a difference only together."""


def needed(since: Iterable[int], before: Answer, now: Answer) -> Asking:
    """Find out which of the entries since it takes to come from what was before to what is now.

    `now` is with all of them. Where it is not as before without them, they do not tell why it
    differs, and all are named.
    """
    entries = sorted(since)
    every = frozenset(entries)
    if before == now:
        return NOTHING
    if (yield frozenset()) != before:
        return Needed(tuple(entries))
    size = -(-len(entries) // MOST)
    parts = [frozenset(entries[n : n + size]) for n in range(0, len(entries), size)]
    kept = yield from _fewest(parts, lambda some: some, lambda answer: answer == now)
    instead = yield from _instead(every, parts, kept, now)
    enough = frozenset[int]().union(*kept)
    together = yield from _together(enough, before)
    return Needed(tuple(sorted(enough.union(*instead))), together, instead)


def _fewest(
    parts: Sequence[Some], asked: Callable[[Some], Some], would_do: Callable[[Answer], bool]
) -> Generator[Some, Answer, list[Some]]:
    """Return parts none of which can be left out as well: the older where others would do as well.

    All of them would do. Many are left out at once before each is by itself.
    """
    kept, turns = [*parts], [[*reversed(parts)]]
    while turns:
        out = turns.pop(0)
        fewer = [part for part in kept if part not in out]
        if would_do((yield asked(frozenset[int]().union(*fewer)))):
            # What was needed for the sake of these may be so no more.
            again = [[part] for part in reversed(fewer) if not any(part in x for x in turns)]
            kept, turns = fewer, turns + again
        elif len(out) > 1:
            half = len(out) // 2
            turns[:0] = [out[:half], out[half:]]
    return kept


def _instead(
    every: Some, parts: Sequence[Some], kept: Sequence[Some], now: Answer
) -> Generator[Some, Answer, tuple[tuple[int, ...], ...]]:
    """Return for each part in the place of which others would do, it with these."""
    found = []
    others = [part for part in parts if part not in kept]
    for part in kept if others else ():
        if (yield every - part) != now or (yield every - part.union(*others)) == now:
            continue
        out = yield from _fewest(
            others,
            lambda some, part=part: every - part - some,  # type: ignore[misc]
            lambda answer: answer != now,
        )
        found.append(tuple(sorted(part.union(*out))))
    return tuple(found)


def _together(enough: Some, before: Answer) -> Generator[Some, Answer, tuple[tuple[int, ...], ...]]:
    """Return for each entry that does nothing by itself those with which it does."""
    found: dict[tuple[int, ...], None] = {}
    for one in sorted(enough if 1 < len(enough) <= FEW else ()):
        if (yield frozenset({one})) != before:
            continue
        those = enough
        for other in sorted(enough - {one}, reverse=True):
            fewer = those - {other}
            if (yield fewer) != (yield fewer - {one}):
                those = fewer
        found[tuple(sorted(those))] = None
    return tuple(found)


Task = TypeVar("Task", bound=Hashable)
Whose = TypeVar("Whose", bound=Hashable)


def all_needed(
    asking: Mapping[Task, tuple[Whose, Asking]],
    answers: Callable[[Mapping[Whose, Some]], Mapping[Task, Answer]],
) -> dict[Task, Needed]:
    """Find out of several at once: each says of whose entries it asks.

    Who has no entry in common can be asked about in one go, with some left out of each.
    """
    found: dict[Task, Needed] = {}
    known: dict[tuple[Whose, Some], Mapping[Task, Answer]] = {}
    wanted: dict[Task, Some] = {}

    def go_on(task: Task, answer: Answer) -> None:
        try:
            wanted[task] = asking[task][1].send(answer)
        except StopIteration as done:
            wanted.pop(task, None)
            found[task] = done.value

    for task in asking:
        go_on(task, None)
    while wanted:
        batch: dict[Whose, Some] = {}
        for task, some in wanted.items():
            batch.setdefault(asking[task][0], some)
        told = answers(batch)
        known |= dict.fromkeys(batch.items(), told)
        for task in list(wanted):
            while task in wanted and (of := (asking[task][0], wanted[task])) in known:
                go_on(task, known[of].get(task))
    return found
