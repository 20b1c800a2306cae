"""Links of the OpenAPI document: what can be asked next, with which values of an answer.

After an act come the pages of what it was of; the page of acts leads to every act of a journey,
with the version that it was told for. Acts of other kinds can follow each other at once.
"""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

KINDS = ("client", "journey", "organisation", "programme")
"""What acts are of; the answer to an act names it by this name."""

ACTS_PAGE = "journey_acts"
"""The operation whose answer leads to the acts of a journey."""

SEEN = {"header.If-Match": "$response.header.ETag"}


class _Operation(NamedTuple):
    id: str
    method: str
    is_first: bool
    parameters: tuple[str, ...]
    responses: dict[str, dict[str, Any]]

    @property
    def is_act(self) -> bool:
        return "If-Match" in self.parameters


def add(document: dict[str, Any]) -> None:
    """Add links to the answers of a document, each described once among its components."""
    described: dict[str, Any] = {}
    known = {kind: list(_operations(document, kind)) for kind in KINDS}
    for kind, operations in known.items():
        for source in operations:
            for status in ("200", "201"):
                if (source.is_act or source.is_first) and status in source.responses:
                    _link(source.responses[status], _after_act(kind, operations, described))
    for source in known["journey"]:
        if source.id == ACTS_PAGE:
            _link(source.responses["200"], _after_acts_page(known["journey"], described))
    document["components"]["links"] = dict(sorted(described.items()))


def _operations(document: dict[str, Any], kind: str) -> Iterator[_Operation]:
    """Yield the operations that make a kind, and those on one of it by its id alone."""
    for path, methods in document["paths"].items():
        made = path == f"/{kind}s"
        on_one = path.startswith(f"/{kind}s/{{") and path.count("{") == 1
        for method, said in methods.items():
            if (made and method == "post") or on_one:
                names = tuple(one["name"] for one in said.get("parameters", ()))
                yield _Operation(said["operationId"], method, made, names, said["responses"])


def _after_act(kind: str, operations: list[_Operation], described: dict[str, Any]) -> Iterator[str]:
    """Describe what can follow an act: pages, and further acts but those of journeys."""
    for target in operations:
        follows = target.method == "get" or (target.is_act and kind != "journey")
        name = next((one for one in target.parameters if one in (kind, "code")), None)
        if follows and name is not None:
            yield _describe(target, {f"path.{name}": f"$response.body#/{kind}"}, described)


def _after_acts_page(operations: list[_Operation], described: dict[str, Any]) -> Iterator[str]:
    for target in operations:
        if target.is_act:
            yield _describe(target, {"path.journey": "$request.path.journey"}, described)


def _describe(target: _Operation, which: Mapping[str, str], described: dict[str, Any]) -> str:
    seen = SEEN if target.is_act else {}
    described[target.id] = {"operationId": target.id, "parameters": {**which, **seen}}
    return target.id


def _link(response: dict[str, Any], names: Iterator[str]) -> None:
    found = {name: {"$ref": f"#/components/links/{name}"} for name in names}
    if found and "$ref" not in response:
        response["links"] = found
