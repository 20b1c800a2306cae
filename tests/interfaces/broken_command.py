"""Commands that go wrong, for the tests of how that is said."""


def broken() -> None:
    """Divide by nothing."""
    raise ZeroDivisionError("division by zero, said Aino Virtanen")


def stopped() -> None:
    """Be interrupted by a person."""
    raise KeyboardInterrupt


def stopped_in_a_query() -> None:
    """Be interrupted while DuckDB answers, which tells of it so."""
    raise RuntimeError("Query interrupted")
