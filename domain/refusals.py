"""Why an act was refused: the state does not allow it, or a value given with it is bad."""

from domain.wording import Wording, said


class IllegalTransition(Exception):
    """The state does not allow the act.

    `state` says how things stand, `act` what was asked, `missing` what it would take and what to
    do next. `wording` is the whole, which the edge can say in another language
    (`domain.wording.in_language`), as it can each part.
    """

    def __init__(self, *, state: str, act: str, missing: str) -> None:
        self.wording: Wording = said(
            "cannot {act}: {state}; {missing}", act=act, state=state, missing=missing
        )
        super().__init__(self.wording)
        self.state, self.act, self.missing = state, act, missing


class InvalidField(ValueError):
    """A value given with an act cannot be; `field` names it, `message` says what it should be.

    `wording` is the whole, as with IllegalTransition.
    """

    def __init__(self, field: str, message: str) -> None:
        self.wording: Wording = said("{field}: {message}", field=field, message=message)
        super().__init__(self.wording)
        self.field, self.message = field, message


class LiesAhead(InvalidField):
    """A day given with an act lies ahead of today: so it is refused however things stand."""
