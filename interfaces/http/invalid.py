"""What FastAPI and Pydantic find wrong with a request, in Polku's words and with JSON pointers."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from fastapi.exceptions import RequestValidationError

from domain.refusals import InvalidField
from domain.texts import LINE, MAYBE_LINE, TEXT, UNFIT_LINE, UNFIT_TEXT
from domain.wording import Wording, counted, said, wording_of
from interfaces.http.problems import (
    INVALID,
    KEY_MISSING,
    MALFORMED,
    MEDIA,
    VERSION_MISSING,
    Kind,
    Problem,
    Wrong,
    pointer_to,
)

SHOWN = 50
"""How many faults of one request are told."""

LONGEST_NAME = 100
"""Characters of a field's name that are told: a caller makes it up."""

_HEADERS: Mapping[str, tuple[Kind, Wording]] = {
    "idempotency-key": (
        KEY_MISSING,
        said(
            "send an Idempotency-Key: a text of your own, new for each act and the same when you "
            "repeat it"
        ),
    ),
    "if-match": (
        VERSION_MISSING,
        said("send If-Match with the ETag of what you saw, so that you act on what you know"),
    ),
}
"""Headers that a write cannot be without."""

_UNFIT_HEADERS: Mapping[str, Wording] = {
    "idempotency-key": said("give letters, digits and signs of ASCII, without spaces"),
    "if-match": said("give the one ETag that you saw, with its double quotes"),
}
"""What is said of them where they do not look as they should."""

Tell = Callable[[Mapping[str, Any]], Wording]


def _fixed(text: Wording) -> Tell:
    return lambda _: text


def _bound(template: str, name: str) -> Tell:
    return lambda context: said(template, bound=_without_english(context.get(name, "")))


def _at_least(context: Mapping[str, Any]) -> Wording:
    return counted(
        "give at least {n} character", "give at least {n} characters", context["min_length"]
    )


def _at_most(context: Mapping[str, Any]) -> Wording:
    return counted(
        "give at most {n} character", "give at most {n} characters", context["max_length"]
    )


def _without_english(bound: Any) -> Any:
    """Return the codes that Pydantic lists without the word between the last two."""
    return bound.replace("' or '", "', '") if isinstance(bound, str) else bound


_text = _fixed(said("give a text"))
_number = _fixed(said("give a number"))
_whole = _fixed(said("give a whole number"))
_day = _fixed(said("give a day, as 2025-03-01"))
_instant = _fixed(said("give an instant with its time zone, as 2025-03-01T12:00:00+02:00"))
_object = _fixed(said("give an object with named fields"))
_list = _fixed(said("give a list"))
_truth = _fixed(said("give true or false"))

_looks_wrong = _bound("this does not look as it should: {bound}", "pattern")


def _unfit(context: Mapping[str, Any]) -> Wording:
    """Say of a text in words what it has that it should not have."""
    pattern = context.get("pattern", "")
    if pattern in {LINE, MAYBE_LINE}:
        return UNFIT_LINE
    return UNFIT_TEXT if pattern == TEXT else _looks_wrong(context)


_one_of = _bound("give one of {bound}", "expected")

_MESSAGES: Mapping[str, Tell] = {
    "missing": _fixed(said("this has to be given")),
    "extra_forbidden": _fixed(said("there is no such field here: see the API's description")),
    "string_type": _text,
    "string_sub_type": _text,
    "string_unicode": _fixed(said("give a text in UTF-8")),
    "string_too_short": _at_least,
    "string_too_long": _at_most,
    "string_pattern_mismatch": _unfit,
    "enum": _one_of,
    "literal_error": _one_of,
    "union_tag_invalid": _bound("give one of {bound}", "expected_tags"),
    "union_tag_not_found": _fixed(said("say which kind this is")),
    "int_type": _whole,
    "int_parsing": _whole,
    "int_from_float": _whole,
    "int_parsing_size": _fixed(said("this number is too large")),
    "float_type": _number,
    "float_parsing": _number,
    "finite_number": _number,
    "decimal_type": _number,
    "decimal_parsing": _number,
    "decimal_max_places": _bound("give at most {bound} decimals", "decimal_places"),
    "decimal_max_digits": _bound("give at most {bound} digits", "max_digits"),
    "decimal_whole_digits": _bound("give at most {bound} digits before the point", "whole_digits"),
    "greater_than": _bound("give more than {bound}", "gt"),
    "greater_than_equal": _bound("give at least {bound}", "ge"),
    "less_than": _bound("give less than {bound}", "lt"),
    "less_than_equal": _bound("give at most {bound}", "le"),
    "multiple_of": _bound("give a multiple of {bound}", "multiple_of"),
    "bool_type": _truth,
    "bool_parsing": _truth,
    "date_type": _day,
    "date_parsing": _day,
    "date_from_datetime_parsing": _day,
    "date_from_datetime_inexact": _day,
    "datetime_type": _instant,
    "datetime_parsing": _instant,
    "datetime_from_date_parsing": _instant,
    "timezone_aware": _instant,
    "model_type": _object,
    "model_attributes_type": _object,
    "dict_type": _object,
    "dataclass_type": _object,
    "list_type": _list,
    "tuple_type": _list,
    "set_type": _list,
    "frozen_set_type": _list,
    "too_short": _bound("give at least {bound} of these", "min_length"),
    "too_long": _bound("give at most {bound} of these", "max_length"),
}

_UNUSABLE = said("this cannot be used here: see the API's description")


def problem_of_request(error: RequestValidationError) -> Problem:
    """Return the problem that a request's faults are."""
    faults = list(error.errors())
    for special in (_not_json, _missing_header):
        found = special(faults)
        if found is not None:
            return found
    if isinstance(error.body, bytes):
        return Problem(MEDIA, said("send the body as application/json, and say so"))
    wrong = tuple(_wrong(fault, error.body) for fault in faults[:SHOWN])
    return Problem(INVALID, said("see what is wrong with each value under errors"), errors=wrong)


def problem_of_field(error: InvalidField) -> Problem:
    """Return the problem that a value of an act is."""
    wrong = Wrong(pointer_to(*_places(error.field)), error.message)
    return Problem(INVALID, wording_of(error), errors=(wrong,))


def _places(field: str) -> list[str]:
    """Return the names on the way to a field ("steps[0].goal")."""
    return [part for part in field.replace("[", ".").replace("]", "").split(".") if part]


def _not_json(faults: Sequence[Mapping[str, Any]]) -> Problem | None:
    broken = next((fault for fault in faults if fault["type"] == "json_invalid"), None)
    if broken is None:
        return None
    return Problem(
        MALFORMED,
        said("the body is not JSON from character {place} on", place=int(broken["loc"][-1])),
    )


def _missing_header(faults: Sequence[Mapping[str, Any]]) -> Problem | None:
    names = [
        str(fault["loc"][-1])
        for fault in faults
        if fault["loc"][0] == "header" and fault["type"] == "missing"
    ]
    left_out = [(name, *_HEADERS[name.lower()]) for name in names if name.lower() in _HEADERS]
    if not left_out:
        return None
    wrong = [Wrong(pointer_to(name), text, "missing", "header") for name, _, text in left_out]
    _, kind, detail = left_out[0]
    return Problem(kind, detail, errors=wrong)


def _wrong(fault: Mapping[str, Any], body: Any) -> Wrong:
    place, *way = fault["loc"]
    if fault["type"].startswith("union_tag_"):  # what is wrong is what tells the kinds apart
        way.append(str(fault["ctx"]["discriminator"]).strip("'"))
    code = str(fault["type"]).replace("_", "-")
    if place == "body":
        return Wrong(pointer_to(*_way_in(body, way, fault["type"])), _message(fault), code)
    message = _message(fault)
    if place == "header" and fault["type"] == "string_pattern_mismatch":
        message = _UNFIT_HEADERS.get(str(way[0]).lower(), message)
    return Wrong(pointer_to(*map(_short, way[:1])), message, code, str(place))


_OF_WHAT_IS_NOT_THERE = {"missing", "union_tag_not_found"}


def _way_in(body: Any, way: Iterable[str | int], type_: str) -> list[str | int]:
    """Return the way without what Pydantic adds to it: the names of alternatives and of checks."""
    found: list[str | int] = []
    at = body
    steps = list(way)
    for number, step in enumerate(steps):
        last = number == len(steps) - 1
        if _is_there(at, step):
            at = at[step]
        elif not (last and type_ in _OF_WHAT_IS_NOT_THERE):
            continue
        found.append(_short(step))
    return found


def _is_there(at: Any, step: str | int) -> bool:
    if isinstance(at, list):
        return isinstance(step, int) and step < len(at)
    return isinstance(at, Mapping) and step in at


def _short(step: str | int) -> str | int:
    return step if isinstance(step, int) else step[:LONGEST_NAME]


def _message(fault: Mapping[str, Any]) -> str:
    context = fault.get("ctx") or {}
    if fault["type"] in {"value_error", "assertion_error"}:
        return wording_of(context["error"]) if "error" in context else _UNUSABLE
    tell = _MESSAGES.get(fault["type"])
    return _UNUSABLE if tell is None else tell(context)
