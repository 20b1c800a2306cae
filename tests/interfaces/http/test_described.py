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
