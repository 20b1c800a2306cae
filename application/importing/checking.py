"""What can be said of a mapping before any table is at hand."""

from collections.abc import Callable, Iterator
from datetime import UTC

from application.importing.cells import instant
from application.importing.language import At, Extracted, Mapping, Part, StreamOf, TableRule
from application.importing.policies import Surroundings, Unbindable
from application.importing.reading import day_reader, event_reader, reader
from application.importing.shapes import NOTHING
from domain.faults import Fault


def faults_of(mapping: Mapping) -> list[Fault]:
    """Return every fault that a mapping has by itself: types, missing fields, joins, order."""
    faults = [*_joins(mapping), *_parts(mapping), *_expressions(mapping)]
    return [Fault(mapping.file, *at, message, "does-not-fit") for at, message in faults]


Found = Iterator[tuple[At, str]]


def _joins(mapping: Mapping) -> Found:
    keys = {rule.name: rule.key for rule in mapping.tables}
    names = keys.keys()
    if isinstance(mapping.extracted, Extracted) and mapping.extracted.table not in names:
        yield mapping.extracted.at, f"there is no table {mapping.extracted.table!r}"
    for rule in mapping.tables:
        for join in rule.parents.values():
            if join.table not in names:
                yield join.at, f"there is no table {join.table!r} in this mapping"
            elif not keys[join.table]:
                message = f"the rows of {join.table} have no key but their number: nothing joins"
                yield join.at, message
            elif len(join.columns) != len(keys[join.table]):
                wanted = len(keys[join.table])
                yield join.at, f"the key of {join.table} has {wanted} columns: name as many here"
        if rule.file is None and len(mapping.tables) > 1:
            yield rule.at, "`file` is missing: a mapping with several tables names their files"
    if not any(rule.parts for rule in mapping.tables):
        yield mapping.tables[0].at, "no table brings anything: say under `brings` what rows become"


def _parts(mapping: Mapping) -> Found:
    opened: set[tuple[str, str]] = set()
    for rule in mapping.tables:
        for part in rule.parts:
            if not part.events:
                yield part.at, "at least one event is wanted"
            if part.parent is not None:
                yield from _belongs(rule, part, opened)
            elif (rule.name, part.kind) in opened:
                yield part.at, f"a row opens one {part.kind}; put the events together"
            else:
                opened.add((rule.name, part.kind))


def _belongs(rule: TableRule, part: Part, opened: set[tuple[str, str]]) -> Found:
    join = rule.parents.get(part.parent or "")
    if join is None:
        yield part.at, f"{rule.name} has no parent {part.parent!r}: name it under `parents`"
    elif (join.table, part.kind) not in opened:
        order = f"put {join.table} first, with `{part.kind}: new`"
        yield part.at, f"no row of {join.table} opens a {part.kind} before {rule.name}: {order}"
    if part.organisation is not None:
        yield part.at, "`organisation` belongs where the stream is opened (`new`)"


def _expressions(mapping: Mapping) -> Found:
    faults: list[tuple[At, str]] = []
    opened: set[tuple[str, str]] = set()
    for rule in mapping.tables:
        around = Surroundings(
            cell=lambda _path, _at: _empty,
            stream=_known_streams(rule, opened),
            doubts=[],
            decimal=mapping.form.decimal,
            zone=UTC,
            faults=faults,
        )
        for part in rule.parts:
            _check_part(rule, part, around)
            if part.parent is None:
                opened.add((rule.name, part.kind))
    yield from faults


def _known_streams(
    rule: TableRule, opened: set[tuple[str, str]]
) -> Callable[[StreamOf], Callable[[list[str]], object]]:
    """Return what checks that a client or a journey is opened before its id is asked for."""

    def known(said: StreamOf) -> Callable[[list[str]], object]:
        join = rule.parents.get(said.parent) if said.parent else None
        if said.parent is not None and join is None:
            raise Unbindable(said.at, f"{rule.name} has no parent {said.parent!r}")
        table = join.table if join else rule.name
        if (table, said.kind) not in opened:
            message = f"no row of {table} opens a {said.kind} before it is asked for here"
            raise Unbindable(said.at, message)
        return _nothing

    return known


def _check_part(rule: TableRule, part: Part, around: Surroundings) -> None:
    try:
        if rule.recorded_at is not None:
            instant(rule.recorded_at, around)
        if part.organisation is not None:
            reader(part.organisation, str, None, around)
    except Unbindable as unbindable:
        around.faults.append((unbindable.at, unbindable.message))
    for event in part.events:
        day_reader(event.occurred_on, around)
        event_reader(event.shape, event.at, event.fields, around)


def _empty(_cells: list[str]) -> str:
    return ""


def _nothing(_cells: list[str]) -> object:
    return NOTHING
