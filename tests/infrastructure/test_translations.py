"""Everything that Polku says is said in Finnish and Italian too, as people there write it."""

import json
import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any

import pytest
from babel.messages import Catalog, Message
from babel.messages.pofile import read_po

from application.case_file import lines
from application.evaluation.followed import TRAITS
from application.journeys import UnknownJourney
from application.sentences import sentence
from application.sentences.words import Words, words_of
from application.simulation import texts
from application.vocabulary import VOCABULARY
from domain.definition import Definition, Phase
from domain.entry import Personal
from domain.journey import events as e
from domain.journey import intake, placement, referral
from domain.journey.act import organisation_said
from domain.journey.history import history_of
from domain.journey.state import Journey
from domain.policy import Outcome, RuleOutcome
from domain.refusals import IllegalTransition, InvalidField
from domain.wording import English, Listed, Tongue, counted, in_language, linked, said, wording_of
from infrastructure.definitions import load_definition, shipped_definitions
from infrastructure.event_names import EventNames
from infrastructure.indicators import read_set, shipped_indicators
from infrastructure.messages import messages, untranslated, update
from infrastructure.registered_events import registered_events
from infrastructure.translations import LANGUAGES, UnknownLanguage, catalogue, translations
from tests.domain import journeys as j

FI, IT = translations("fi"), translations("it")
OTHERS = LANGUAGES[1:]
DAY = date(2025, 3, 1)
GOLDEN = Path(__file__).parents[1] / "golden" / "events"


def in_order(known: Catalog) -> Iterator[Message]:
    return (message for message in known if message.id)


def keys(known: Catalog) -> set[tuple[str, Any]]:
    return {(message.context or "", message.id) for message in in_order(known)}


def forms_of(of: Any) -> tuple[str, ...]:
    return of if isinstance(of, tuple) else (of,)


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


@cache
def said_now() -> Catalog:
    """All that the code says, which takes seconds to gather."""
    return messages()


@cache
def gathered() -> set[tuple[str, Any]]:
    return keys(said_now())


# The catalogues


@pytest.mark.parametrize("language", OTHERS)
def test_every_message_is_in_the_catalogue_and_nothing_else(language):
    known = keys(catalogue(language))
    assert gathered() - known == set(), "new messages: run `make messages` and translate them"
    assert known - gathered() == set(), "said no more: run `make messages`"


@pytest.mark.parametrize("language", OTHERS)
def test_every_message_is_translated_and_sure(language):
    known = catalogue(language)
    assert untranslated(known) == []
    assert [m.id for m in in_order(known) if m.fuzzy] == []
    assert not known.obsolete


@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_has_the_placeholders_of_its_message(language):
    for message in in_order(catalogue(language)):
        asked = set().union(*map(placeholders, forms_of(message.id)))
        for form in forms_of(message.string):
            assert placeholders(form) == asked, message.id


@pytest.mark.parametrize("language", OTHERS)
def test_no_message_stays_in_english(language):
    same = {
        message.id
        for message in in_order(catalogue(language))
        if message.id == message.string and re.search(r"[a-z]", re.sub(r"{.*?}", "", message.id))
    }
    assert same <= {", tutor {text}", "tutor"}


def test_a_language_that_polku_does_not_speak_is_refused():
    with pytest.raises(UnknownLanguage, match="there is no translation to 'sv'"):
        translations("sv")


ROOT = Path(__file__).parents[2]
CODED = re.compile(r"\b(?:in_words|coded|_?code)\(\s*\"([a-z-]+)\"")


def test_every_kind_of_code_that_is_said_is_in_the_vocabulary():
    rooms = ("domain", "application", "interfaces")
    code = "".join(p.read_text("utf-8") for room in rooms for p in (ROOT / room).rglob("*.py"))
    kinds = set(CODED.findall(code))
    assert {"phase", "placement-form", "period-kind"} <= kinds
    assert kinds <= set(VOCABULARY)


def test_what_shipped_indicators_are_broken_down_by_is_in_the_vocabulary():
    """A report's page names the columns: one that is not there stays English in every language."""
    shipped = [load_definition(text, code) for code, text in shipped_definitions().items()]
    every = [*shipped, *(read_set(name, "fi", {}) for name in shipped_indicators())]
    columns = {
        column
        for one in every
        for indicator in one.indicators
        for breakdown in indicator.by
        for column in breakdown
    }
    assert {"referred_to", "gender", "channel"} <= columns
    assert {column.replace("_", "-") for column in columns} <= set(VOCABULARY["field"])
    assert set(TRAITS) <= set(VOCABULARY["field"])


def test_what_the_simulation_codes_is_in_the_vocabulary():
    assert set(texts.ABSENCES) <= set(VOCABULARY["absence"])
    assert set(texts.RESULTS) <= set(VOCABULARY["result"])
    assert set(texts.ADVICE) <= set(VOCABULARY["topic"])


@pytest.mark.parametrize("language", OTHERS)
def test_gathering_the_messages_keeps_their_words(language, tmp_path):
    waiting = update(language, tmp_path / "again.po", said_now())
    with (tmp_path / "again.po").open("rb") as stream:
        again = read_po(stream, locale=language)
    assert waiting == 0
    assert not again.fuzzy
    assert {(m.context, m.id): m.string for m in in_order(again)} == {
        (m.context, m.id): m.string for m in in_order(catalogue(language))
    }


# Days, numbers, money


@pytest.mark.parametrize(
    ("language", "day", "number", "money"),
    [
        ("en", "2025-03-01", "1250.5", "1,250.50 EUR"),
        ("fi", "1.3.2025", "1\xa0250,5", "1\xa0250,50 EUR"),
        ("it", "01/03/2025", "1.250,5", "1.250,50 EUR"),
    ],
)
def test_days_and_numbers_are_written_as_the_language_does(language, day, number, money):
    tongue = translations(language)
    assert tongue.day(DAY) == day
    assert tongue.number(1250.5) == number
    assert tongue.number(3.0) == "3"
    assert tongue.number(0.00000012) != "0"
    assert tongue.money(Decimal("1250.5"), "EUR") == money


# Sentences


def golden(names: EventNames) -> list[e.JourneyEvent]:
    stored = [json.loads(file.read_text("utf-8")) for file in sorted(GOLDEN.glob("*.json"))]
    return [
        names.decode(one["name"], one["version"], json.dumps(one["body"]).encode())
        for one in stored
        if one["name"] in e.KINDS
    ]


def letters(text: str) -> set[str]:
    return set(re.findall(r"[^\W\d_]+", text))


def typed(value: Any) -> set[str]:
    """The words of all texts in an event."""
    if isinstance(value, StrEnum):
        return set()
    if isinstance(value, str):
        return letters(value)
    if isinstance(value, tuple):
        return set().union(*map(typed, value))
    parts = fields(value) if is_dataclass(value) else ()
    return set().union(*(typed(getattr(value, part.name)) for part in parts))


EVENTS = golden(registered_events())


class Masked(English):
    """A language that writes a dot for each letter of a message: what is left is no message."""

    language = "xx"

    def gettext(self, message: str, /) -> str:
        assert ("", message) in gathered(), "`make messages` does not find it"
        return self._masked(message)

    def _masked(self, message: str) -> str:
        parts = re.split(r"({[^}]*})", message)
        return "".join(p if p.startswith("{") else re.sub(r"[^\W\d_]", "·", p) for p in parts)

    def pgettext(self, _context: str, message: str, /) -> str:
        return self._masked(message)

    def ngettext(self, one: str, many: str, number: int, /) -> str:
        assert ("", (one, many)) in gathered(), "`make messages` does not find it"
        return self._masked(one if number == 1 else many)

    def money(self, amount: Decimal, currency: str, /) -> str:
        return str(amount)


def test_there_is_an_example_of_every_event():
    assert {type(event) for event in EVENTS} == set(e.KINDS.values())


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: type(event).__name__)
def test_every_event_has_a_sentence_of_its_own_in_every_language(event):
    told = [sentence(event, Words(tongue=translations(language))) for language in LANGUAGES]
    assert told[0] == sentence(event, Words())
    assert len(set(told)) == len(LANGUAGES)
    assert all(told)


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: type(event).__name__)
def test_nothing_of_a_sentence_stays_in_english(event):
    assert letters(sentence(event, Words(tongue=Masked()))) <= typed(event)


@pytest.fixture(scope="module")
def definition() -> Definition:
    return load_definition(shipped_definitions()["etela-savo"], "etela-savo")


def said_in(tongue: Tongue, event: e.JourneyEvent, definition: Definition) -> str:
    return sentence(event, words_of(definition, Journey(), tongue))


@pytest.mark.parametrize(
    ("event", "finnish", "italian"),
    [
        (
            e.ReferralMade("c", "p", 1, "te-office", "mikkeli", "te-office-referral", "line-1"),
            (
                "Ohjattu: Etelä-Savon TE-toimisto → Mikkelin kaupunki "
                "(Ohjaus TE-toimistosta, Ensimmäinen palvelulinja)"
            ),
            (
                "Invio da State employment office of South Savo a City of Mikkeli "
                "(Referral by the state employment office, First service line)"
            ),
        ),
        (
            e.EligibilityAssessed(
                1,
                "mikkeli",
                eligible=False,
                facts=(),
                rules=(
                    RuleOutcome(
                        "client-group",
                        "Unemployed for 12 months or a young graduate",
                        Outcome.UNKNOWN,
                        "Hankesuunnitelma",
                        "x",
                        ("age", "unemployed_since"),
                    ),
                ),
            ),
            (
                "Edellytykset eivät täyty (Mikkelin kaupunki): Vuoden työttömänä tai "
                "vastavalmistunut nuori: ei voida todeta, puuttuvat tiedot: ikä ja työttömyyden "
                "alku (Hankesuunnitelma)"
            ),
            (
                "Requisiti di accesso non soddisfatti presso City of Mikkeli: Unemployed for 12 "
                "months or a young graduate: non si può stabilire, dati mancanti: età e inizio "
                "della disoccupazione (Hankesuunnitelma)"
            ),
        ),
        (
            e.IntakeInterviewHeld(
                e.Situation(e.EmploymentStatus.UNEMPLOYED, DAY, 3, ("fi", "so")),
                Personal("pitää eläimistä"),
            ),
            (
                "Alkuhaastattelu pidetty: työttömänä 1.3.2025 alkaen, koulutustaso ISCED 3, "
                "kielet fi ja so; huomio: ”pitää eläimistä”"
            ),
            (
                "Colloquio di accoglienza svolto: senza lavoro dal 01/03/2025, istruzione ISCED 3, "
                "parla fi e so; nota: «pitää eläimistä»"
            ),
        ),
        (
            e.CompetenceRecorded("esco:welding", "independent"),
            "Osaaminen: esco:welding, taso itsenäinen",
            "Competenza: esco:welding, livello independent",
        ),
        (
            e.GrantPaid("p1", Decimal("1250.5"), "EUR", "mikkeli", DAY, DAY),
            (
                "Avustus maksettu: 1\xa0250,50 EUR, maksaja Mikkelin kaupunki, "
                "1.3.2025–1.3.2025, työjakso p1"
            ),
            (
                "Borsa lavoro erogata: 1.250,50 EUR da City of Mikkeli, "
                "dal 01/03/2025 al 01/03/2025, per l'inserimento p1"
            ),
        ),
        (
            e.DeadlineMoved("first-interview/3", DAY, Personal("sairaus")),
            (
                "Määräaika siirretty päivään 1.3.2025: ”Ensimmäinen haastattelu”, alkanut "
                "kirjauksesta 3: ”sairaus”"
            ),
            (
                "Scadenza spostata al 01/03/2025: «First interview», aperta dalla registrazione 3: "
                "«sairaus»"
            ),
        ),
        (
            e.JourneyClosed("ended-early", "self-employment"),
            "Polku päätetty: Keskeytynyt, jatkopaikka yrittäjyys",
            "Percorso chiuso: Ended early, destinazione lavoro autonomo",
        ),
        (
            e.EntryCorrected(4, e.ServiceCompleted("t", "wage-subsidy", "reached", 12.5), DAY),
            (
                "Kirjaus 4 korjattu: 1.3.2025, Palvelu päättynyt: Palkkatuki, tavoite saavutettu, "
                "yhteensä 12,5 t"
            ),
            (
                "Registrazione 4 corretta: il 01/03/2025, Servizio concluso: Wage subsidy, "
                "obiettivo raggiunto, 12,5 ore in tutto"
            ),
        ),
        (
            e.BenefitPeriodRecorded(DAY, None, "labour-market-subsidy", 1),
            "Etuudella 1.3.2025 alkaen, jatkuu (työmarkkinatuki, 1 maksettu päivä)",
            (
                "Percettore di sussidio dal 01/03/2025, tuttora "
                "(sussidio di disoccupazione assistenziale, 1 giorno indennizzato)"
            ),
        ),
        (
            e.BenefitPeriodRecorded(DAY, DAY, "labour-market-subsidy", 20),
            "Etuudella 1.3.2025–1.3.2025 (työmarkkinatuki, 20 maksettua päivää)",
            (
                "Percettore di sussidio dal 01/03/2025 al 01/03/2025 "
                "(sussidio di disoccupazione assistenziale, 20 giorni indennizzati)"
            ),
        ),
        (
            e.PhaseEntered(
                Phase.TRAINING, 1, overridden=("interviewed",), reason=Personal("kiire")
            ),
            (
                "Siirrytty vaiheeseen: Ohjaus palveluihin; poikettu edellytyksistä, jotka eivät "
                "täyttyneet: Asiakas on haastateltu: ”kiire”"
            ),
            (
                "Ingresso nella fase: Guidance into services; in deroga ai requisiti non "
                "soddisfatti: The client has been interviewed: «kiire»"
            ),
        ),
    ],
    ids=lambda value: type(value).__name__ if not isinstance(value, str) else "",
)
def test_a_line_of_the_history_reads_as_a_case_worker_writes(definition, event, finnish, italian):
    assert said_in(FI, event, definition) == finnish
    assert said_in(IT, event, definition) == italian


def test_titles_are_of_the_place_in_its_language_and_english_elsewhere():
    italian = load_definition(shipped_definitions()["follow-me"], "follow-me")
    closed = e.JourneyClosed("completed", "employment")
    assert said_in(IT, closed, italian).startswith("Percorso chiuso: Concluso, ")
    assert said_in(FI, closed, italian).startswith("Polku päätetty: Completed, ")


def test_a_case_file_is_read_in_a_language():
    words = words_of(None, Journey(), FI)
    known = history_of((j.entry(1, j.REFERRED),))
    (line,) = lines(known.entries, known, words)
    assert line.sentence.startswith("Ohjattu: state → city")


# Refusals


def refusal_of(decision: Any, *events: e.JourneyEvent, **fields: Any) -> Exception:
    with pytest.raises((IllegalTransition, InvalidField)) as refused:
        decision(j.given(*events), j.act(), **fields)
    return refused.value


def test_an_act_that_the_state_does_not_allow_is_refused_in_three_languages():
    refused = wording_of(
        refusal_of(intake.hold_intake_interview, j.REFERRED, situation=e.Situation())
    )
    assert refused == (
        "cannot hold an intake interview: the journey is referred; accept the referral first"
    )
    assert in_language(refused, FI) == (
        "alkuhaastattelun kirjaaminen ei onnistu: polun tila on ohjattu; hyväksy ensin ohjaus"
    )
    assert in_language(refused, IT) == (
        "non è possibile registrare il colloquio di accoglienza: il percorso è inviato, in attesa "
        "di accettazione; accetta prima l'invio"
    )


def test_a_bad_value_is_told_in_three_languages():
    refused = refusal_of(
        placement.advise_employer, j.REFERRED, e.ReferralAccepted(), employer="Oy", topic=" "
    )
    assert str(refused) == "topic: must not be empty"
    assert in_language(wording_of(refused), FI) == "topic: ei saa olla tyhjä"
    assert in_language(wording_of(refused), IT) == "topic: non può essere vuoto"


def test_codes_that_a_person_may_give_are_listed_as_they_stand():
    refused = refusal_of(
        referral.refer,
        client="c",
        from_organisation="x",
        to_organisation="city",
        channel="by-night",
    )
    told = in_language(wording_of(refused), FI)
    assert told.startswith("channel: ”by-night” ei ole määrittelyssä; tunnetut: ")


def test_an_unknown_journey_is_told_in_the_language():
    error = UnknownJourney("j-9")
    assert in_language(wording_of(error), FI) == (
        "polkua ”j-9” ei ole: katso `polku journeys list`"
    )


@pytest.mark.parametrize(
    ("language", "one", "more"),
    [
        ("en", "it is full (1 seat)", "it is full (3 seats)"),
        ("fi", "se on täynnä (1 paikka)", "se on täynnä (3 paikkaa)"),
        ("it", "è al completo (1 posto)", "è al completo (3 posti)"),
    ],
)
def test_a_number_stands_with_the_right_word(language, one, more):
    full = [counted("it is full ({n} seat)", "it is full ({n} seats)", n) for n in (1, 3)]
    assert [in_language(text, translations(language)) for text in full] == [one, more]


@pytest.mark.parametrize(
    ("language", "name"),
    [
        ("en", "State employment office of North Savo (te-office)"),
        ("fi", "Pohjois-Savon TE-toimisto (te-office)"),
        ("it", "State employment office of North Savo (te-office)"),
    ],
)
def test_a_refusal_calls_an_organisation_by_its_name_and_its_code(language, name):
    """A page called it by its name, and what was refused there named a code that nobody knew."""
    definition = load_definition(shipped_definitions()["askel"], "askel")
    told = organisation_said(definition, "te-office")
    assert in_language(told, translations(language)) == name
    assert organisation_said(definition, "elsewhere") == "elsewhere"


@pytest.mark.parametrize(
    ("language", "two", "three", "choice"),
    [
        ("en", "eta and b", "eta, b and e.ek", "eta, b or e.ek"),
        ("fi", "eta ja b", "eta, b ja e.ek", "eta, b tai e.ek"),
        ("it", "eta e b", "eta, b ed e.ek", "eta, b o e.ek"),
    ],
)
def test_several_are_told_with_commas_and_one_word(language, two, three, choice):
    tongue = translations(language)
    few, more = Listed(("eta", "b")), Listed(("eta", "b", "e.ek"))
    assert linked(few, "and", tongue) == Words(tongue=tongue).listed(few) == two
    assert linked(more, "and", tongue) == three
    assert linked(more, "or", tongue) == choice
    assert linked((), "and", tongue) == ""
    # Only the template's own words are English here: what stands in it is as the language has it.
    assert in_language(said("{all:and}", all=more), tongue) == three


@pytest.mark.parametrize(
    ("last", "told"),
    [
        ("è", "a ed è"),
        ("“età”", "a ed “età”"),
        ("Eero", "a ed Eero"),
        ("educazione", "a e educazione"),
        ("anna", "a e anna"),
        ("", "a e "),
    ],
)
def test_italian_says_ed_before_an_e(last, told):
    assert linked(("a", last), "and", IT) == told


def test_two_facts_that_are_not_known_are_told_as_italian_writes_them():
    rule = RuleOutcome(
        "r", "Who may", Outcome.UNKNOWN, "Plan", "x", missing=("employment_status", "age")
    )
    assert rule.reason == "Who may: cannot be told, employment status and age are not known (Plan)"
    assert " ed età (Plan)" in in_language(rule.reason, IT)
