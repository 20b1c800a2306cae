"""Why an act was refused: the state does not allow it, or a value given with it is bad."""


class IllegalTransition(Exception):
    """The state does not allow the act.

    `state` says how things stand, `act` what was asked, `missing` what it would take and what to
    do next.
    """

    def __init__(self, *, state: str, act: str, missing: str) -> None:
        super().__init__(f"cannot {act}: {state}; {missing}")
        self.state, self.act, self.missing = state, act, missing


class InvalidField(ValueError):
    """A value given with an act cannot be; `field` names it, `message` says what it should be."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(f"{field}: {message}")
        self.field, self.message = field, message
