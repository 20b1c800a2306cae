"""In which of several forms an answer is wanted."""

from collections.abc import Mapping
from typing import TypeVar

from fastapi import Request

Form = TypeVar("Form")


def form_accepted(request: Request, media: Mapping[Form, str], otherwise: Form) -> Form:
    """Return the form whose media type a request accepts first; `otherwise` where it names none."""
    of = {type_: form for form, type_ in media.items()}
    accept = request.headers.get("accept", "")
    asked = (part.partition(";")[0].strip().lower() for part in accept.split(","))
    return next((of[type_] for type_ in asked if type_ in of), otherwise)
