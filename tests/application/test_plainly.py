"""What an answer in JSON says is said in any language; codes and fields are the same in each."""

from dataclasses import dataclass
from datetime import date

import pytest

from application.plainly import plain, spoken
from domain.definition import Title
from domain.wording import Wording, coded, counted, said, titled
from infrastructure.translations import translations


@dataclass(frozen=True, slots=True)
class Told:
    """An answer: a code, a code of the vocabulary, what is said of it, and how often it is why."""

    code: str
    gender: Wording
    title: Wording
    said: tuple[Wording, ...]
    why: dict[Wording, int]


ANSWER = plain(
    Told(
        "late",
        coded("gender", "female"),
        titled(Title("Interview", "Haastattelu", "fi")),
        (
            said("would have been let in, from {day} on", day=date(2025, 3, 1)),
            counted("{n} day later", "{n} days later", 2),
        ),
        {said("not known"): 3},
    )
)


@pytest.mark.parametrize(
    ("language", "title", "sentence"),
    [
        ("en", "Interview", "would have been let in, from 2025-03-01 on"),
        ("fi", "Haastattelu", "olisi päässyt ohjelmaan 1.3.2025 alkaen"),
        ("it", "Interview", "sarebbe stata ammessa dal 01/03/2025"),
    ],
)
def test_sentences_and_titles_are_said_and_keys_and_codes_stay(
    language: str, title: str, sentence: str
) -> None:
    told = spoken(ANSWER, translations(language))
    assert [*told] == [*ANSWER]
    assert (told["code"], told["gender"], told["title"]) == ("late", "female", title)
    assert (told["said"][0], told["why"]) == (sentence, {"not known": 3})


def test_what_was_said_once_can_be_said_again_in_another_language() -> None:
    finnish = spoken(ANSWER, translations("fi"))
    spoken(ANSWER, translations("it"))
    assert spoken(ANSWER, translations("fi")) == finnish != ANSWER
    assert spoken(ANSWER, translations("en")) == ANSWER
