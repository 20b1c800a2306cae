"""In which of several forms an answer is wanted, and how those forms are described."""

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from fastapi import Request

Form = TypeVar("Form")


def form_accepted(request: Request, media: Mapping[Form, str], otherwise: Form) -> Form:
    """Return the form whose media type a request accepts first; `otherwise` where it names none."""
    of = {type_: form for form, type_ in media.items()}
    accept = request.headers.get("accept", "")
    asked = (part.partition(";")[0].strip().lower() for part in accept.split(","))
    return next((of[type_] for type_ in asked if type_ in of), otherwise)


def content_of(media: Iterable[str]) -> dict[str, Any]:
    """Return what the description of a route says of answers that are files of such media types."""
    return {type_: {"schema": _schema(type_)} for type_ in media}


def _schema(media: str) -> dict[str, str]:
    """Return the schema of a file: what is no text has to be taken as bytes."""
    if "json" in media:
        return {}
    is_text = media.startswith("text/") or media.endswith("xml")
    return {"type": "string"} if is_text else {"type": "string", "format": "binary"}
