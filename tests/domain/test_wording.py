"""A wording is its English text, and can be said in another language with all that is in it."""

import ast
import copy
import json
import pickle
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.definition import Title
from domain.refusals import IllegalTransition, InvalidField
from domain.wording import (
    ENGLISH,
    English,
    Listed,
    coded,
    counted,
    in_language,
    in_words,
    said,
    titled,
    wording_of,
    written,
)

DAY = date(2025, 3, 1)


KNOWN = {
    "the journey is {status}": "{status} si yenruoj eht",
    "resume it first": "tsrif ti emuser",
    "cannot {act}: {state}; {missing}": "{missing}: {state} → {act}",
    "{field}: {message}": "{message} ({field})",
    "use {services:or} from {day} for {hours:g} h": "{hours:g}/{day}/{services:or}",
}


class Backwards(English):
    """A language that writes each letter of a message from its end, and keeps placeholders."""

    language = "xx"

    def gettext(self, message: str, /) -> str:
        return KNOWN.get(message, message)

    def pgettext(self, context: str, message: str, /) -> str:
        return f"{context}/{message}"

    def ngettext(self, one: str, many: str, number: int, /) -> str:
        return f"{number} × {{n}}"

    def day(self, day: date, /) -> str:
        return f"{day:%d.%m.%Y}"

    def number(self, number: float | Decimal, /) -> str:
        return str(number).replace(".", ",")


XX = Backwards()


def test_a_wording_is_its_english_text():
    wording = said("the journey is {status}", status=coded("status", "closed"))
    assert wording == "the journey is closed"
    assert f"{wording}" == str(wording) == "the journey is closed"
    assert wording.template == "the journey is {status}"
    assert json.dumps([wording]) == '["the journey is closed"]'


def test_what_is_in_a_wording_is_translated_with_it():
    wording = said("the journey is {status}", status=coded("status", "ended-early"))
    assert in_language(wording, XX) == "status/ended early si yenruoj eht"
    assert in_language(wording, ENGLISH) == "the journey is ended-early"


def test_lists_days_and_numbers_are_written_as_the_language_does():
    wording = said(
        "use {services:or} from {day} for {hours:g} h",
        services=Listed(("a", coded("service", "b-c"))),
        day=DAY,
        hours=1.5,
    )
    assert wording == "use a or b-c from 2025-03-01 for 1.5 h"
    assert in_language(wording, XX) == "1,5/01.03.2025/a list/or service/b c"


def test_a_message_that_a_language_lacks_is_said_in_english():
    wording = said("{hours:g} h on {day}, {who!r}", hours=2.5, day=DAY, who="me")
    assert wording == "2.5 h on 2025-03-01, 'me'"
    assert in_language(wording, XX) == "2,5 h on 01.03.2025, 'me'"


@pytest.mark.parametrize(("n", "english"), [(0, "0 days"), (1, "1 day"), (2, "2 days")])
def test_a_number_chooses_the_form(n, english):
    wording = counted("{n} day", "{n} days", n)
    assert wording == english
    assert in_language(wording, XX) == f"{n} × {n}"


def test_a_code_is_said_as_words_where_english_asks_for_words():
    assert in_words("phase", "follow-up") == "follow up"
    assert in_words("form", "work-try-out") == "work try-out"
    assert in_language(in_words("phase", "follow-up"), XX) == "phase/follow up"


@pytest.mark.parametrize(("language", "heard"), [("en", "Help"), ("fi", "Apu"), ("it", "Help")])
def test_a_title_is_said_in_the_language_of_its_place_else_in_english(language, heard):
    tongue = Backwards()
    tongue.language = language
    assert in_language(titled(Title("Help", "Apu", "fi")), tongue) == heard


@given(st.text())
def test_what_people_typed_stays_as_it_is(text):
    assert in_language(text, XX) == text
    assert in_language(said("{text}", text=text), XX) == text


def test_a_refusal_is_translated_as_a_whole_and_in_its_parts():
    refusal = IllegalTransition(
        state=said("the journey is {status}", status=coded("status", "paused")),
        act=said("hold an interview"),
        missing=said("resume it first"),
    )
    assert str(refusal) == "cannot hold an interview: the journey is paused; resume it first"
    assert in_language(refusal.wording, XX) == (
        "tsrif ti emuser: status/paused si yenruoj eht → hold an interview"
    )
    assert in_language(refusal.missing, XX) == "tsrif ti emuser"


def test_a_bad_field_is_translated_with_its_name_as_it_is():
    refusal = InvalidField("note", said("resume it first"))
    assert str(refusal) == "note: resume it first"
    assert in_language(wording_of(refusal), XX) == "tsrif ti emuser (note)"


def test_an_error_of_other_making_says_what_it_says():
    assert wording_of(ValueError("bad")) == "bad"
    assert wording_of(KeyError()) == ""


def test_a_wording_can_be_copied_and_sent_to_another_process():
    wording = said("the journey is {status}", status=coded("status", "ended-early"))
    for copied in (copy.deepcopy(wording), pickle.loads(pickle.dumps(wording))):  # noqa: S301
        assert copied == wording
        assert in_language(copied, XX) == in_language(wording, XX)


ROOT = Path(__file__).parents[2]
FILES = [p for room in ("domain", "application") for p in sorted((ROOT / room).rglob("*.py"))]
REFUSALS = ("IllegalTransition", "InvalidField")


def bare_texts(tree: ast.AST) -> Iterator[ast.expr]:
    """Yield what is given to a refusal as a text of no template."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in REFUSALS:
            given = [*node.args[1:], *(k.value for k in node.keywords if k.arg != "field")]
            yield from (x for x in given if isinstance(x, ast.Constant | ast.JoinedStr | ast.BinOp))


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_refusal_can_be_translated(path):
    bare = [ast.unparse(text) for text in bare_texts(ast.parse(path.read_text("utf-8")))]
    assert bare == [], "write said(...), so that other languages can say it"


def test_a_bare_text_in_a_refusal_is_noticed():
    found = bare_texts(
        ast.parse(
            'InvalidField("a", f"{b}"); InvalidField("a", said("b"))\n'
            'IllegalTransition(state="a", act=said("b"), missing="c" + d)'
        )
    )
    assert [ast.unparse(text) for text in found] == ["f'{b}'", "'a'", "'c' + d"]


@pytest.mark.parametrize(
    ("number", "as_given", "as_told"),
    [
        (12.0, "12", "12"),
        (0.5, "0.5", "0.5"),
        (1_000_000.0, "1000000", "1000000"),
        (1234567.25, "1234567.25", "1234567.25"),
        (999_999_999_999_999.0, "999999999999999", "999999999999999"),
        (0.1 + 0.2, "0.30000000000000004", "0.3"),
        (0.0000125, "0.0000125", "1.25e-05"),
    ],
)
def test_a_great_or_long_number_keeps_its_digits(number: float, as_given: str, as_told: str):
    assert written(number) == as_given
    assert ENGLISH.number(number) == as_told
