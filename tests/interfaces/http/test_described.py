"""Every field and every parameter of the API says what it means."""


def test_every_field_has_a_description(described):
    schemas = described["components"]["schemas"]
    fields = {
        f"{name}.{field}": told.get("description", "")
        for name, schema in schemas.items()
        for field, told in schema.get("properties", {}).items()
    }
    assert len(fields) > 500
    assert [name for name, text in fields.items() if not text.strip()] == []


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
