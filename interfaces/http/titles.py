"""What programmes and their organisations are called, where no journey says by which version."""

from dataclasses import dataclass, field
from functools import partial

from application.programmes import NotPublished
from application.sentences.words import Words, words_of
from domain.definition import Definition
from domain.journey.state import BEFORE
from domain.wording import in_language, titled
from interfaces.http.context import Here
from interfaces.http.journey_models import Coded
from interfaces.http.reading import tongue_of


def newest_definition(here: Here, programme: str) -> Definition | None:
    """Return the newest definition of a programme, None where nobody published it."""
    versions = here.office.programmes.state(programme).versions
    try:
        number = versions[-1].number if versions else 0
        return here.office.programmes.definition(programme, number) if versions else None
    except NotPublished:
        return None


@dataclass(slots=True)
class Titles:
    """Says codes with their titles, by the newest definition of each programme that has them."""

    here: Here
    _definitions: dict[str, Definition | None] = field(default_factory=dict)
    _words: dict[str, Words] = field(default_factory=dict)

    def programme(self, code: str) -> Coded:
        """Return a programme with its title."""
        definition = self._definition(code)
        title = code
        if definition is not None:
            title = in_language(titled(definition.title), tongue_of(self.here))
        return Coded.model_construct(code=code, title=title)

    def organisation(self, programme: str, code: str) -> Coded:
        """Return an organisation of a programme with its title."""
        return self.of(programme, "organisation", code)

    def of(self, programme: str, kind: str, code: str) -> Coded:
        """Return a code of a programme's definition with its title, or as it is."""
        words = self._words.get(programme)
        if words is None:
            others = partial(self.here.office.programmes.versions, programme)
            words = words_of(self._definition(programme), BEFORE, tongue_of(self.here), others)
            self._words[programme] = words
        return Coded.model_construct(code=code, title=words.title(kind, code))

    def _definition(self, programme: str) -> Definition | None:
        if programme not in self._definitions:
            self._definitions[programme] = newest_definition(self.here, programme)
        return self._definitions[programme]
