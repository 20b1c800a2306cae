"""Which of the entries recorded since make what somebody counts differ: found by leaving some out.

What is asked for is always what somebody comes to if, of the entries since, only some were there.
So nothing is said of what an entry tells, and what one entry does to another, as a correction does,
is counted as it counts.
"""

from collections.abc import Callable, Generator, Hashable, Iterable, Mapping
from typing import Generic, NamedTuple, TypeAlias, TypeVar

Some: TypeAlias = frozenset[int]
"""Entries, by their positions."""

Answer: TypeAlias = Hashable
"""What somebody comes to, as far as a figure depends on it."""

Groups: TypeAlias = tuple[tuple[int, ...], ...]

Whose = TypeVar("Whose", bound=Hashable)


class Differing(NamedTuple, Generic[Whose]):
    """What somebody comes to differs: whose entries since there are, and what it was and is.

    `now` is with all entries since, `before` what it was without any.
    """

    whose: Whose
    since: Some
    before: Answer
    now: Answer


class Needed(NamedTuple):
    """The entries that make the difference, by their positions in the log.

    `together` are those that make it only together: one of each tuple at least makes none by
    itself. `instead` are those any one of which would do: it is as it is unless all of the tuple
    are left out. `gives_back`: it would be as before without any entry since; else they do not tell
    why it differs, and all are named. `broken_off`: not all was asked, so that fewer may do.
    """

    entries: tuple[int, ...] = ()
    together: Groups = ()
    instead: Groups = ()
    gives_back: bool = True
    broken_off: bool = False


NOTHING = Needed()

MOST = 40
"""How often is asked, at most, with some entries left out: each time takes half a second."""

Asking: TypeAlias = Generator[Some, Answer, Needed]
"""Asks what it comes to with some of the entries since, and is sent the answer."""


def _needed(one: Differing[Whose]) -> Asking:
    """Find out which of the entries since it takes to come from what was before to what is now."""
    if one.before == one.now:
        return NOTHING
    if (yield frozenset()) != one.before:
        return Needed(tuple(sorted(one.since)), gives_back=False)
    kept = yield from _fewest(one.since, lambda some: some, lambda answer: answer == one.now)
    instead = yield from _instead(one, kept)
    together = yield from _together(frozenset(kept), one.before)
    return Needed(tuple(sorted({*kept}.union(*instead))), together, instead)


def _fewest(
    entries: Iterable[int], asked: Callable[[Some], Some], would_do: Callable[[Answer], bool]
) -> Generator[Some, Answer, list[int]]:
    """Return entries none of which can be left out as well: the older where others would do too.

    All of them would do. Many are left out at once before each is by itself.
    """
    kept = sorted(entries)
    turns = [kept[::-1]]
    while turns:
        out = turns.pop(0)
        fewer = [one for one in kept if one not in out]
        if would_do((yield asked(frozenset(fewer)))):
            # What was needed for the sake of these may be so no more.
            again = [[one] for one in reversed(fewer) if not any(one in some for some in turns)]
            kept, turns = fewer, turns + again
        elif len(out) > 1:
            half = len(out) // 2
            turns[:0] = [out[:half], out[half:]]
    return kept


def _instead(one: Differing[Whose], kept: Iterable[int]) -> Generator[Some, Answer, Groups]:
    """Return for each entry in the place of which others would do, it with these."""
    found = []
    every, others = one.since, one.since - {*kept}
    for entry in kept if others else ():
        without = every - {entry}
        if (yield without) != one.now or (yield without - others) == one.now:
            continue
        out = yield from _fewest(
            others,
            lambda some, without=without: without - some,  # type: ignore[misc]
            lambda answer: answer != one.now,
        )
        found.append(tuple(sorted({entry, *out})))
    return tuple(found)


def _together(enough: Some, before: Answer) -> Generator[Some, Answer, Groups]:
    """Return for each entry that does nothing by itself those with which it does."""
    found: dict[tuple[int, ...], None] = {}
    for one in sorted(enough) if len(enough) > 1 else ():
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

Answers: TypeAlias = Callable[[Mapping[Whose, Some]], Mapping[Task, Answer]]
"""Says what each comes to where of the entries since of these persons only some are there."""


class _Search(Generic[Task, Whose]):
    """What is found out of several at once: who has no entry in common is asked about in one go."""

    def __init__(self, differing: Mapping[Task, Differing[Whose]]) -> None:
        self._differing = differing
        self._asking = {task: _needed(one) for task, one in differing.items()}
        self._known: dict[tuple[Whose, Some], Mapping[Task, Answer]] = {}
        self.found: dict[Task, Needed] = {}
        self.wanted: dict[Task, Some] = {}
        for task in differing:
            self._go_on(task, None)

    def _go_on(self, task: Task, answer: Answer) -> None:
        try:
            self.wanted[task] = self._asking[task].send(answer)
        except StopIteration as done:
            self.wanted.pop(task, None)
            self.found[task] = done.value

    def ask(self, answers: Answers[Whose, Task]) -> None:
        batch: dict[Whose, Some] = {}
        for task, some in self.wanted.items():
            batch.setdefault(self._differing[task].whose, some)
        self._known |= dict.fromkeys(batch.items(), answers(batch))
        for task in list(self.wanted):
            while task in self.wanted and (told := self._told(task)) is not None:
                self._go_on(task, told.get(task))

    def _told(self, task: Task) -> Mapping[Task, Answer] | None:
        return self._known.get((self._differing[task].whose, self.wanted[task]))

    def break_off(self) -> None:
        """Name the fewest entries that were found to do."""
        for task in self.wanted:
            whose, since, _, now = self._differing[task]
            that_do = [
                some
                for (who, some), told in self._known.items()
                if who == whose and told.get(task) == now
            ]
            fewest = min((since, *that_do), key=len)
            self.found[task] = Needed(tuple(sorted(fewest)), broken_off=True)


def all_needed(
    differing: Mapping[Task, Differing[Whose]],
    answers: Answers[Whose, Task],
    most: int = MOST,
    on_asked: Callable[[], None] = lambda: None,
) -> dict[Task, Needed]:
    """Find out of several at once, asking at most so often; then `broken_off` is told.

    `on_asked` is called after each time.
    """
    search = _Search(differing)
    while search.wanted and most > 0:
        search.ask(answers)
        most -= 1
        on_asked()
    search.break_off()
    return search.found
