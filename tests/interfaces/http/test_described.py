"""Every field and every parameter of the API says what it means."""

import json
import re
from pathlib import Path

import interfaces.http


def test_every_field_has_a_description(described):
    schemas = described["components"]["schemas"]
    fields = {
        f"{name}.{field}": told.get("description", "")
        for name, schema in schemas.items()
        for field, told in schema.get("properties", {}).items()
    }
    assert len(fields) > 500
    assert [name for name, text in fields.items() if not text.strip()] == []


def test_an_answer_says_of_each_field_that_may_be_null_when_it_is_and_of_no_other(described):
    schemas = described["components"]["schemas"]
    fields = {
        f"{name}.{field}": told
        for name in _told_in_answers(described)
        for field, told in schemas[name].get("properties", {}).items()
        if told.keys() & {"type", "anyOf", "$ref"}  # else any value at all
    }
    assert len(fields) > 400
    nullable = {name for name, told in fields.items() if {"type": "null"} in told.get("anyOf", ())}
    said = {name for name, told in fields.items() if "null" in told["description"]}
    assert sorted(nullable - said) == []
    assert sorted(said - nullable) == []


def _told_in_answers(described):
    """The parts that answers in which all went well are made of."""
    found, left = (
        set(),
        {
            name
            for methods in described["paths"].values()
            for operation in methods.values()
            for code, answer in operation["responses"].items()
            if code < "300"
            for name in _named(answer)
        },
    )
    while left:
        found |= left
        left = _named([described["components"]["schemas"][name] for name in left]) - found
    return sorted(found)


def _named(part):
    return set(re.findall(r'"#/components/schemas/([^"]+)"', json.dumps(part)))


def test_every_part_has_a_name_of_its_own(described):
    # Generators name classes so: of two alike they leave one out, and all answers that have it.
    schemas = described["components"]["schemas"]
    assert [name for name in schemas if "__" in name] == []
    titles = [schema["title"] for schema in schemas.values()]
    assert sorted(titles) == sorted(set(titles))


def test_every_parameter_has_a_description(described):
    silent = [
        (path, parameter["name"])
        for path, methods in described["paths"].items()
        for operation in methods.values()
        for parameter in operation.get("parameters", [])
        if not parameter.get("description", "").strip()
    ]
    assert silent == []


def test_a_search_shows_a_whole_body(described):
    body = described["paths"]["/clients/search"]["post"]["requestBody"]["content"]
    schema = body["application/json"]["schema"]
    named = described["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    assert named["examples"] == [{"name": "makinen aino"}]


def test_every_body_has_a_whole_example(described):
    schemas = described["components"]["schemas"]
    bare = [
        path
        for path, methods in described["paths"].items()
        for operation in methods.values()
        if "requestBody" in operation
        for schema in [operation["requestBody"]["content"]["application/json"]["schema"]]
        if not schemas[schema["$ref"].rpartition("/")[2]].get("examples")
    ]
    assert bare == []


def test_the_page_of_whatever_acts_are_on_is_said_to_have_an_etag(described):
    acted_on = {
        path.split("/")[1]
        for path, methods in described["paths"].items()
        for parameter in methods.get("post", {}).get("parameters", [])
        if parameter["name"] == "If-Match"
    }
    assert acted_on == {"clients", "journeys", "organisations", "programmes", "issued-reports"}
    pages = {
        kind: methods["get"]["responses"]["200"]
        for path, methods in described["paths"].items()
        for _, kind, *rest in [path.split("/")]
        if kind in acted_on and len(rest) == 1 and rest[0].startswith("{")
    }
    assert pages.keys() == acted_on
    for kind, said in pages.items():
        assert said["headers"]["ETag"]["schema"] == {"type": "string"}, kind
        assert "application/json" in said["content"], kind


def test_whatever_a_text_sends_somebody_to_is_there(described):
    """What is wrong is said with where to look, as in "see GET /journeys"."""
    there = {
        f"{method.upper()} {path}"
        for path, methods in described["paths"].items()
        for method in methods
    }
    files = sorted(Path(interfaces.http.__file__).parent.rglob("*.py"))
    named = {
        found.rstrip("./")
        for file in files
        for found in re.findall(r"\b(?:GET|POST|DELETE) /[a-z{}/.-]+", file.read_text("utf-8"))
    }
    assert len(named) > 5
    assert sorted(named - there) == []


def test_a_file_that_is_no_text_is_described_as_bytes(described):
    said = {
        media: content["schema"].get("format")
        for operations in described["paths"].values()
        for operation in operations.values()
        if isinstance(operation, dict)
        for answer in operation.get("responses", {}).values()
        for media, content in answer.get("content", {}).items()
        if content.get("schema", {}).get("type") == "string"
    }
    texts = {"text/html", "text/csv", "text/calendar", "text/plain", "image/svg+xml"}
    texts |= {"application/xml"}
    assert {media for media, form in said.items() if form is None} == texts
    assert {media for media, form in said.items() if form == "binary"} == {
        "application/zip",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "application/vnd.sqlite3",
        "image/png",
    }
