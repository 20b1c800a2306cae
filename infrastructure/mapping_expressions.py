"""How a mapping says where a field's value comes from.

    hmis                                      the same text (number, day, true) for every row
    {column: City}                            the cell's text
    {column: Parent.City}                     the cell of the joined row
    {column: Sex, codes: gender}              the cell looked up in the code table `gender`
    {number: Hours, least: 0, most: 168}      the cell as a number
    {date: Start, formats: ["%d.%m.%Y"]}      the cell as a day
    {date: Start, plus: {weeks: {number: Length}}}   ... shifted; also `minus`, days,
                                              fortnights, months
    {fixed: 1986-01-01, plus: ...}            the same day for every row, shifted alike
    {instant: DateCreated}                    the cell as an instant, in the mapping's time zone
    {year: {date: Start}, less: {number: Age}}
    {text: ["org-", {column: OrgID}]}         texts put together
    {first: [{column: A}, {column: B}, none]} the first that says something
    {id: client, of: Client}                  the client that the joined row opened (`of` left
                                              out: that this row opened)
    {when: {Employed: 0}, then: {column: Why}}       the same where a condition holds, else nothing
    {fields: {employment: ...}}               a value with fields of its own
    [..., ...]                                a list

`missing` (an empty cell) and `unknown` (a code, number or date that the mapping cannot read) are
`refuse` (the row), `omit` (the field), `{as: VALUE}` or `{doubtful-as: VALUE}`. An unknown value
is always in the report; without a word it refuses the row. A missing one is left out where the
field allows it, else it refuses the row.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Literal, cast

from application.importing.language import (
    OMIT,
    REFUSE,
    At,
    Coded,
    Column,
    Condition,
    Constant,
    Day,
    Expression,
    Fields,
    First,
    Given,
    Instant,
    Joined,
    Number,
    Policy,
    Several,
    Shift,
    StreamOf,
    Year,
)
from domain.wording import written
from infrastructure.mapping_nodes import Said, Wrong, read_each

POLICIES = ("missing", "unknown")

LENGTHS = ("days", "weeks", "fortnights", "months")
"""How far a day can be shifted."""


class Expressions:
    """Reads expressions; `codes` are the mapping's code tables, `formats` its forms of days."""

    def __init__(
        self, codes: Mapping[str, Mapping[str, Constant]], formats: tuple[str, ...]
    ) -> None:
        self._codes, self._formats = codes, formats
        self._forms: dict[str, Callable[[Said], Expression]] = {
            "codes": self._coded,
            "column": _column,
            "number": self.number,
            "date": self.day,
            "fixed": self.day,
            "instant": self.instant,
            "year": self._year,
            "text": self._joined,
            "first": self._first,
            "id": _stream_of,
            "fields": self._nested,
            "when": self._given,
        }

    def read(self, said: Said) -> Expression:
        """Return what stands at a said. Raises Wrong."""
        if said.is_list():
            return Several(said.at, tuple(read_each(said.items(), self.read)))
        if not said.is_mapping():
            return _constant(said)
        keys = said.entries()
        for name, form in self._forms.items():
            if name in keys:
                return form(said)
        raise said.wrong("wrong-value", f"one of these is wanted: {', '.join(self._forms)}")

    def fields(self, said: Said) -> dict[str, Expression]:
        """Return the expressions of named fields; what is wrong with one leaves the others."""
        read = {}
        for name, one in said.entries().items():
            try:
                read[name] = self.read(one)
            except Wrong:
                # The fault is noted; something must stand here, or it would be missing too.
                read[name] = Constant(one.at, None)
        return read

    def day(self, said: Said) -> Day:
        """Return a day with its shifts. Raises Wrong."""
        if said.is_mapping() and "fixed" in said.entries():
            return self._fixed_day(said)
        keys = said.keys(("date",), ("formats", "plus", "minus", *POLICIES))
        shifts = self._shifts(keys)
        missing, unknown = _policies(keys)
        path, formats = keys["date"].text(), self._formats_of(keys)
        return Day(said.at, path, formats, shifts, missing, unknown)

    def _fixed_day(self, said: Said) -> Day:
        keys = said.keys(("fixed",), ("plus", "minus"))
        fixed = keys["fixed"].value()
        if not isinstance(fixed, date):
            raise keys["fixed"].wrong("wrong-value", "a day is wanted, such as 1986-01-01")
        return Day(said.at, "", (), self._shifts(keys), fixed=fixed)

    def _shifts(self, keys: Mapping[str, Said]) -> tuple[Shift, ...]:
        signs = (("plus", 1), ("minus", -1))
        return tuple(self._shift(keys[name], sign) for name, sign in signs if name in keys)

    def plain_day(self, at: At, path: str, forms: tuple[str, ...] | None) -> Day:
        """Return a day without shifts, in these forms or the mapping's."""
        return Day(at, path, forms or self._formats)

    def instant(self, said: Said) -> Instant:
        """Return an instant. Raises Wrong."""
        keys = said.keys(("instant",), ("formats", *POLICIES))
        missing, unknown = _policies(keys)
        for name in POLICIES:
            if name in keys and {"missing": missing, "unknown": unknown}[name] not in (
                REFUSE,
                OMIT,
            ):
                raise keys[name].wrong(
                    "wrong-value", "an instant has no stand-in: refuse or omit it"
                )
        return Instant(said.at, keys["instant"].text(), self._formats_of(keys), missing, unknown)

    def number(self, said: Said) -> Number:
        """Return a number with its bounds. Raises Wrong."""
        keys = said.keys(("number",), ("least", "most", *POLICIES))
        missing, unknown = _policies(keys)
        least, most = (_bound(keys.get(name)) for name in ("least", "most"))
        if least is not None and most is not None and least > most:
            raise keys["most"].wrong(
                "wrong-value",
                f"no number is at least {written(least)} and at most {written(most)}: swap them",
            )
        return Number(said.at, keys["number"].text(), least, most, missing, unknown)

    def _formats_of(self, keys: Mapping[str, Said]) -> tuple[str, ...]:
        if "formats" in keys:
            return formats(keys["formats"])
        return self._formats

    def _shift(self, said: Said, sign: int) -> Shift:
        entries = said.entries()
        if len(entries) != 1:
            raise said.wrong("wrong-value", "one length is wanted, such as {weeks: 2}")
        ((unit, amount),) = entries.items()
        if unit not in LENGTHS:
            raise amount.wrong(
                "wrong-value", f"there is no length {unit!r}; there is {', '.join(LENGTHS)}"
            )
        length = self.number(amount) if amount.is_mapping() else _constant(amount)
        if isinstance(length, Constant) and type(length.value) not in (int, float):
            raise amount.wrong("wrong-value", "a number is wanted here, or {number: Column}")
        return Shift(cast("Literal['days', 'weeks', 'fortnights', 'months']", unit), length, sign)

    def _coded(self, said: Said) -> Coded:
        keys = said.keys(("column", "codes"), POLICIES)
        table = keys["codes"].one_of(self._codes, "code table")
        missing, unknown = _policies(keys)
        path = keys["column"].text()
        return Coded(said.at, path, table, self._codes[table], missing, unknown)

    def _year(self, said: Said) -> Year:
        keys = said.keys(("year",), ("less",))
        less = self.number(keys["less"]) if "less" in keys else None
        return Year(said.at, self.day(keys["year"]), less)

    def _joined(self, said: Said) -> Joined:
        items = said.keys(("text",))["text"].items()
        return Joined(said.at, tuple(read_each(items, self.read)))

    def _first(self, said: Said) -> First:
        items = said.keys(("first",))["first"].items()
        return First(said.at, tuple(read_each(items, self.read)))

    def _given(self, said: Said) -> Given:
        keys = said.keys(("when", "then"))
        return Given(said.at, conditions(keys["when"]), self.read(keys["then"]))

    def _nested(self, said: Said) -> Fields:
        return Fields(said.at, self.fields(said.keys(("fields",))["fields"]))


def _constant(said: Said) -> Constant:
    value = said.value()
    if value is None:
        raise said.wrong("wrong-value", "nothing stands here: say a value, or leave the field out")
    return Constant(said.at, value)


def _column(said: Said) -> Column:
    keys = said.keys(("column",), ("missing",))
    return Column(said.at, keys["column"].text(), _policy(keys.get("missing")))


def _stream_of(said: Said) -> StreamOf:
    keys = said.keys(("id",), ("of",))
    kind = keys["id"].one_of(("client", "journey"), "stream")
    return StreamOf(said.at, kind, keys["of"].text() if "of" in keys else None)


def _bound(said: Said | None) -> float | None:
    if said is None:
        return None
    value = said.value()
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise said.wrong("wrong-value", "a number is wanted here")
    return float(value)


def _policies(keys: Mapping[str, Said]) -> tuple[Policy | None, Policy]:
    return _policy(keys.get("missing")), _policy(keys.get("unknown")) or REFUSE


def _policy(said: Said | None) -> Policy | None:
    if said is None:
        return None
    if not said.is_mapping():
        act = said.one_of(("refuse", "omit"), "policy (or {as: VALUE}, {doubtful-as: VALUE})")
        return REFUSE if act == "refuse" else OMIT
    entries = said.entries()
    if len(entries) != 1 or not entries.keys() <= {"as", "doubtful-as"}:
        raise said.wrong(
            "wrong-value", "one of these is wanted: refuse, omit, {as: VALUE}, {doubtful-as: VALUE}"
        )
    ((act, value),) = entries.items()
    return Policy(cast("Literal['as', 'doubtful-as']", act), _constant(value).value)


def formats(said: Said) -> tuple[str, ...]:
    """Return forms of days, as in `datetime.strptime`. Raises Wrong."""
    read = tuple(read_each(said.items(), _format))
    if not read:
        raise said.wrong("wrong-value", 'at least one form is wanted, such as "%Y-%m-%d"')
    return read


def _format(said: Said) -> str:
    form = said.text()
    if not _says_a_day(form):
        raise said.wrong(
            "wrong-value", f"{form!r} does not say day, month and year, such as %d.%m.%Y"
        )
    return form


def _says_a_day(form: str) -> bool:
    days = date(2023, 12, 31), date(2024, 12, 31)
    told = [day.strftime(form) for day in days]
    if told[0] == told[1]:  # no year: Python is to refuse such forms, and warns before it does
        return False
    try:
        read = [datetime.strptime(text, form).date() for text in told]  # noqa: DTZ007  a day only
    except ValueError:
        return False
    return tuple(read) == days


def conditions(said: Said) -> tuple[Condition, ...]:
    """Return conditions on cells: `Column: value`, `Column: [values]`, `Column: {not: value}`."""
    return tuple(_condition(path, one) for path, one in said.entries().items())


def _condition(path: str, said: Said) -> Condition:
    negated = said.is_mapping()
    which = said.keys(("not",))["not"] if negated else said
    values = which.items() if which.is_list() else [which]
    return Condition(said.at, path, frozenset(map(_cell_text, values)), negated)


def _cell_text(said: Said) -> str:
    return "" if said.value() in (None, "") else said.text()
