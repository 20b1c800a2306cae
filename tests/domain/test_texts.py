"""What may stand in a text, and in one of a single line."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import client
from domain.journey import ending
from domain.refusals import InvalidField
from domain.texts import UNFIT_LINE, UNFIT_TEXT, unfit
from tests.domain import journeys as j
from tests.domain.streams import entry

TURNING = {*map(chr, range(0x202A, 0x202F)), *map(chr, range(0x2066, 0x206A))}
BREAKS = {"\t", "\n", "\r"}


@given(st.characters(codec=None))
def test_what_commands_or_turns_stands_in_no_text_and_breaks_in_no_line(letter: str) -> None:
    kind = unicodedata.category(letter)
    in_none = (kind == "Cc" and letter not in BREAKS) or kind == "Cs" or letter in TURNING
    in_no_line = in_none or letter in BREAKS or kind in ("Zl", "Zp")
    assert unfit(f"a{letter}b", one_line=False) == (UNFIT_TEXT if in_none else None)
    assert unfit(f"a{letter}b", one_line=True) == (UNFIT_LINE if in_no_line else None)


@pytest.mark.parametrize(
    "text", ["Mäkinen", "小明", "O\u2019Neill-Øst", "\u0645\u06cc\u200c\u0646\u0627", "\U0001f600"]
)
def test_names_as_people_write_them_can_stand(text: str) -> None:
    assert unfit(text, one_line=True) is None


UNFIT = ["a\0b", "\x1b[2Ja", "a\u202eb", "a\ud800b", "a\x85b"]


@pytest.mark.parametrize("text", [*UNFIT, "a\nb"])
@pytest.mark.parametrize(
    "field", ["given_name", "family_name", "local_id", "municipality", "gender"]
)
def test_nobody_is_registered_by_what_cannot_be_seen(field: str, text: str) -> None:
    particulars = client.Particulars(**{"family_name": "Mäkinen", field: text})
    with pytest.raises(InvalidField) as refused:
        client.register(client.UNKNOWN, particulars, on=j.DAY)
    assert refused.value.field == field


@pytest.mark.parametrize("field", ["address", "phone", "email"])
@pytest.mark.parametrize("text", UNFIT)
def test_nobody_is_reached_by_what_cannot_be_seen(field: str, text: str) -> None:
    known = client.fold([entry(1, client.ClientRegistered())])
    with pytest.raises(InvalidField) as refused:
        client.change_contact_details(known, **{field: text})
    assert refused.value.field == field
    assert client.change_contact_details(known, address="Torikatu 1\n70100 Kuopio")


@pytest.mark.parametrize("text", UNFIT)
def test_a_reason_has_no_control_characters_and_may_have_several_lines(text: str) -> None:
    closed = j.given(j.REFERRED, ending.e.JourneyClosed("completed", "employment"))
    with pytest.raises(InvalidField) as refused:
        ending.reopen(closed, j.act(j.DAY), reason=j.Personal(text))
    assert refused.value.field == "reason"
    assert ending.reopen(closed, j.act(j.DAY), reason=j.Personal("first\nsecond"))
