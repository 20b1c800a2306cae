"""What a replay cannot know is said of one as of one, in every language."""

import pytest

from application.evaluation.not_known import Uncertain, of_eligibility_alone, unknown
from domain.wording import in_language
from infrastructure.translations import translations

TOLD = {
    "en": {
        "facts-nobody-asked-for": ("verdict cannot be told", "verdicts cannot be told"),
        "not-judged": ("journey has no verdict", "journeys have no verdict"),
        "phases": ("entry into a phase", "entries into a phase"),
        "told-later": ("verdict leans", "verdicts lean"),
        "first-day": ("was let in", "were let in"),
        "behaviour": ("journey would", "journeys would"),
    },
    "fi": {
        "facts-nobody-asked-for": ("ratkaisu, jota", "ratkaisua, joita"),
        "not-judged": ("polku, jolla", "polkua, joilla"),
        "phases": ("vaiheen aloitus, jota", "vaiheen aloitusta, joita"),
        "told-later": ("ratkaisu, joka nojaa", "ratkaisua, jotka nojaavat"),
        "first-day": ("ohjelmaan molemmilla kerroilla päässyt:", "ohjelmaan molemmilla kerroilla"),
        "behaviour": ("polku, joka", "polkua, jotka"),
    },
    "it": {
        "facts-nobody-asked-for": ("valutazione non", "valutazioni non"),
        "not-judged": ("percorso non ha", "percorsi non hanno"),
        "phases": ("ingresso in una fase", "ingressi in una fase"),
        "told-later": ("valutazione si basa", "valutazioni si basano"),
        "first-day": ("è ammessa", "sono ammesse"),
        "behaviour": ("percorso sarebbe", "percorsi sarebbero"),
    },
}
"""How what is not known begins, of one and of two, by its code."""


@pytest.mark.parametrize("language", TOLD)
@pytest.mark.parametrize("count", [1, 2])
@pytest.mark.parametrize("unasked", [{}, {"age": 1}])
def test_one_is_told_as_one(language, count, unasked):
    some = Uncertain(count, count, unasked, count, count, count, count)
    found = {one.code: one for one in unknown(some, others=count)}
    tongue = translations(language)
    for code, begins in TOLD[language].items():
        assert found[code].count == count
        assert in_language(found[code].said, tongue).startswith(begins[count - 1])


WHY = {
    "en": ("not judged yet", "declined before", "retracted", "brought in"),
    "fi": ("ei vielä", "hylätty ennen", "mitätöity", "tuotu muualta"),
    "it": ("non ancora", "prima", "annullata", "importat"),
}
"""Why a journey has no verdict that could be put to rules."""


@pytest.mark.parametrize("language", WHY)
@pytest.mark.parametrize("count", [1, 2])
def test_each_way_to_have_no_verdict_is_said(language, count):
    """As of a day on which a client had only been referred, it was called declined or foreign."""
    every = unknown(Uncertain(0, count, {}, 0, 0, 0, 0), 0)
    for told in (every, of_eligibility_alone(0, count, 0)):
        (never,) = (x for x in told if x.code == "not-judged")
        assert all(why in in_language(never.said, translations(language)) for why in WHY[language])


@pytest.mark.parametrize(
    ("language", "one", "two"),
    [
        ("en", "1 registered client has no", "2 registered clients have no"),
        ("fi", "eikä voida sanoa, olisiko", "eikä voida sanoa, kuinka monella"),
        ("it", "1 persona registrata non ha", "2 persone registrate non hanno"),
    ],
)
def test_so_is_who_was_never_referred(language, one, two):
    for others, words in ((1, one), (2, two)):
        told = unknown(Uncertain(0, 0, {}, 0, 0, 0, 0), others)
        (never,) = (x for x in told if x.code == "never-referred")
        assert words in in_language(never.said, translations(language))


def test_so_it_is_where_eligibility_alone_was_asked():
    told = {one.code: (one.count, one.said) for one in of_eligibility_alone(1, 1, 1)}
    assert told["behaviour"][0] == 1
    assert told["behaviour"][1].startswith("journey would have")
    assert told["not-judged"][1].startswith("journey has no")
    assert told["facts-nobody-asked-for"][1].startswith("verdict cannot")
