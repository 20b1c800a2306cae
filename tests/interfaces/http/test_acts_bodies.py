"""The bodies of acts say what decisions take: no more, no less, each field in words."""

import sys
from collections.abc import Iterator
from dataclasses import MISSING, fields
from functools import cache
from inspect import Parameter, signature
from pathlib import Path
from typing import Any

import pytest
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError

from application.acts import new_id
from application.catalogue import JOURNEY_ACTS
from application.intentions import HOLDING
from application.merging import DECISIONS as MERGING
from application.permissions import CLIENT_ACTS
from domain.entry import Personal
from domain.journey.events import KINDS
from domain.journey.repeated import DECISIONS
from domain.organisation import decisions as organisations
from domain.texts import UNFIT_LINE, UNFIT_TEXT
from interfaces.http.acts import clients, keeping, merging, programmes
from interfaces.http.acts.events import CORRECTIONS
from interfaces.http.acts.fields import Body, Part
from interfaces.http.acts.organisations import ACTS as ORGANISATION_ACTS
from interfaces.http.acts.organisations import REGISTER
from interfaces.http.acts.table import BODIES, EVENTS
from interfaces.http.batch_models import ACTS as BATCH_ACTS
from interfaces.http.invalid import problem_of_request

BESIDE = {"refer": {"programme", "journey", "opening_reason"}}
"""What the server takes from a body for itself: which programme, which id, and why it may."""

OTHERS: dict[str, type[Body]] = {
    "register-client": clients.RegisterClient,
    "change-contact-details": clients.ChangeContactDetails,
    "give-consent": clients.GiveConsent,
    "withdraw-consent": clients.WithdrawConsent,
    "place-hold": keeping.PlaceHold,
    "release-hold": keeping.ReleaseHold,
    "erase-client": keeping.EraseClient,
    "merge-clients": merging.MergeClients,
    "split-clients": merging.SplitClients,
    "register-organisation": REGISTER.body,
    "publish-programme": programmes.PublishProgramme,
    **programmes.BODIES,
    **{code: act.body for code, act in ORGANISATION_ACTS.items()},
}

EVERY: dict[str, type[Part]] = {**BODIES, **OTHERS}


def taken(decision: Any) -> dict[str, bool]:
    """The keyword fields of a decision, and whether each has to be given."""
    parameters = signature(decision).parameters
    return {
        name: one.default is Parameter.empty
        for name, one in parameters.items()
        if one.kind is Parameter.KEYWORD_ONLY
    }


def asked(body: type[Part], *, beside: set[str] = frozenset()) -> dict[str, bool]:
    """The fields of a body, and whether each has to be given."""
    own = set(body.model_fields) - {"occurred_on"} - beside
    return {name: body.model_fields[name].is_required() for name in own}


@pytest.mark.parametrize("code", JOURNEY_ACTS)
def test_a_body_has_the_fields_of_its_decision(code: str):
    wanted = taken(JOURNEY_ACTS[code].decision)
    wanted.pop("occurred_on", None)  # of a correction: it stands in the event
    assert asked(BODIES[code], beside=BESIDE.get(code, set())) == wanted


@pytest.mark.parametrize("code", ORGANISATION_ACTS)
def test_a_body_of_an_organisation_has_the_fields_of_its_decision(code: str):
    act = ORGANISATION_ACTS[code]
    assert act.decision is getattr(organisations, code.replace("-", "_"))
    assert asked(act.body) == taken(act.decision)


@pytest.mark.parametrize("code", sorted({*programmes.BODIES} - {"revise-programme"}))
def test_a_body_of_a_programme_has_the_fields_of_its_decision(code: str):
    wanted = taken(programmes.DECISIONS[code])
    wanted.pop("on", None)  # the day that it happened on, which every body has
    assert asked(programmes.BODIES[code]) == wanted


@pytest.mark.parametrize("code", HOLDING)
def test_a_body_of_a_legal_hold_has_the_fields_of_its_decision(code: str):
    assert asked(OTHERS[code]) == taken(HOLDING[code])


@pytest.mark.parametrize("code", MERGING)
def test_a_body_of_a_merge_has_the_fields_of_its_decision_and_names_the_other(code: str):
    assert asked(OTHERS[code], beside={"merged"}) == taken(MERGING[code])


def test_every_entry_but_a_correction_can_be_corrected():
    correctable = {kind for kind, of in KINDS.items() if of not in CORRECTIONS}
    assert set(EVENTS) == correctable
    assert set(DECISIONS) <= {KINDS[kind] for kind in correctable}


@pytest.mark.parametrize("kind", EVENTS)
def test_the_body_of_an_event_has_its_fields(kind: str):
    body: Any = EVENTS[kind].model_fields["fields"].annotation
    wanted = {own.name: own for own in fields(KINDS[kind])}
    assert set(body.model_fields) == set(wanted)
    for name, own in wanted.items():
        if own.default is not MISSING or own.default_factory is not MISSING:
            assert not body.model_fields[name].is_required(), name


@pytest.mark.parametrize("kind", EVENTS)
def test_the_example_of_an_event_is_one(kind: str):
    [example] = EVENTS[kind].model_json_schema()["examples"]
    event = EVENTS[kind].model_validate(example).fields.event()
    assert type(event) is KINDS[kind]


@pytest.mark.parametrize("code", EVERY)
def test_the_example_of_a_body_is_one(code: str):
    [example] = EVERY[code].model_json_schema()["examples"]
    assert EVERY[code].model_validate(example).fields() is not None


@pytest.mark.parametrize("code", EVERY)
def test_every_field_is_described_with_an_example(code: str):
    assert EVERY[code].__doc__
    for name, field in EVERY[code].model_fields.items():
        assert field.description, name
        assert field.examples, name


@pytest.mark.parametrize("code", EVERY)
def test_every_text_has_a_limit(code: str):
    schema = EVERY[code].model_json_schema()
    for part in (schema, *schema.get("$defs", {}).values()):
        for name, field in part.get("properties", {}).items():
            for one in field.get("anyOf", [field]):
                if one.get("type") == "string":
                    limited = {"maxLength", "enum", "const", "format", "pattern"} & set(one)
                    assert limited, (part.get("title"), name)
                if one.get("type") == "array":
                    assert "maxItems" in one, (part.get("title"), name)


def test_texts_about_a_person_are_personal():
    body = BODIES["hold-intake-interview"].model_validate({"situation": {}, "note": "calm"})
    assert body.fields()["note"] == Personal("calm")
    answers = [{"question": "q", "text": "well"}]
    said = {"questionnaire": "q", "questionnaire_version": 1, "answers": answers}
    body = BODIES["submit-self-assessment"].model_validate(said)
    assert body.fields()["answers"][0].text == Personal("well")


UNFIT = ["a\x1bb", "a\u202eb", "a\u2066b", "a\x85b", "a\0b"]


@pytest.mark.parametrize("text", [*UNFIT, "a\nb", "a\u2028b"])
@pytest.mark.parametrize(
    ("code", "said", "field"),
    [
        ("register-client", {}, "given_name"),
        ("change-contact-details", {}, "phone"),
        ("propose-placement", {"reference": "p", "employer": "e", "form": "f"}, "tutor"),
    ],
)
def test_a_line_with_what_nobody_sees_is_refused_in_words(code, said, field, text):
    with pytest.raises(ValidationError) as refused:
        EVERY[code].model_validate({**said, field: text})
    faults = [{**fault, "loc": ("body", *fault["loc"])} for fault in refused.value.errors()]
    problem = problem_of_request(RequestValidationError(faults, body={**said, field: text}))
    told = {one.pointer: str(one.message) for one in problem.errors}
    assert told[f"/{field}"] == UNFIT_LINE


def test_a_number_that_is_copied_from_a_telephone_is_taken_without_the_marks_around_it():
    body = EVERY["change-contact-details"].model_validate(
        {"phone": "\u202a+358 40 1234567\u202c", "email": "\u2066a@b.fi\u2069"}
    )
    assert (body.phone, body.email) == ("+358 40 1234567", "a@b.fi")


@pytest.mark.parametrize("text", UNFIT)
def test_a_note_has_several_lines_and_nothing_that_nobody_sees(text):
    body = BODIES["hold-intake-interview"]
    assert body.model_validate({"situation": {}, "note": "one\r\n\ttwo"}).fields()
    with pytest.raises(ValidationError) as refused:
        body.model_validate({"situation": {}, "note": text})
    faults = [{**fault, "loc": ("body", *fault["loc"])} for fault in refused.value.errors()]
    problem = problem_of_request(
        RequestValidationError(faults, body={"situation": {}, "note": text})
    )
    assert [(one.pointer, one.message) for one in problem.errors] == [("/note", UNFIT_TEXT)]


def test_what_is_null_or_left_out_is_not_said():
    body = BODIES["hold-follow-up"].model_validate({"status": "employed", "note": None})
    assert set(body.fields()) == {"status"}


def test_a_fact_that_is_null_is_said_to_be_unknown():
    body = BODIES["assess-eligibility"].model_validate({"given": {"age": None}})
    assert body.fields() == {"given": {"age": None}}


def test_a_batch_takes_every_act_of_clients_and_journeys():
    assert set(BATCH_ACTS) == {*JOURNEY_ACTS, *CLIENT_ACTS}


def test_a_made_id_names_nobody_and_hangs_on_the_key_alone():
    made = new_id("client", "city/worker-1/k")
    assert made == new_id("client", "city/worker-1/k")
    assert made not in {new_id("journey", "city/worker-1/k"), new_id("client", "city/w/k")}
    assert "worker" not in made


def _under(model: type[Part]) -> Iterator[type[Part]]:
    for one in model.__subclasses__():
        yield one
        yield from _under(one)


def test_nothing_is_looked_for_in_files_of_bodies_that_no_file_has() -> None:
    """To look through all modules for the source of one takes a part of every start."""
    made = [
        one
        for one in _under(Part)
        if one.__module__.startswith("interfaces.")
        and f"class {one.__name__}(" not in _source(one.__module__)
    ]
    assert len(made) > 100
    assert [one.__name__ for one in made if one.model_config["use_attribute_docstrings"]] == []


@cache
def _source(module: str) -> str:
    return Path(str(sys.modules[module].__file__)).read_text(encoding="utf-8")
