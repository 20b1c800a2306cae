"""Saying the codes and texts of one journey in one language."""

from application.case_file import Seen
from domain.wording import Tongue, in_language, in_words
from interfaces.http.journey_models import Coded


class Speaking:
    """Says codes and texts of one case file in one language."""

    def __init__(self, case: Seen, tongue: Tongue) -> None:
        self._words, self._tongue = case.words, tongue

    def text(self, text: str) -> str:
        """Return the text in the language."""
        return in_language(text, self._tongue)

    def title(self, kind: str, code: str) -> Coded:
        """Return a code of the definition with its title."""
        title = in_language(self._words.title(kind, code), self._tongue)
        return Coded.model_construct(code=code, title=title)

    def code(self, kind: str, code: str) -> Coded:
        """Return a code of the vocabulary with its title."""
        title = in_language(in_words(kind, code), self._tongue)
        return Coded.model_construct(code=code, title=title)

    def ground(self, basis: str) -> str:
        """Return why something is due, or by which law or agreement a rule holds."""
        return self._words.text(basis)

    def maybe(self, kind: str, code: str | None) -> Coded | None:
        """Return a code of the definition with its title, None for none."""
        return self.title(kind, code) if code else None
