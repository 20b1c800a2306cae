"""Garbage is looked for rarely while much is made, and as before afterwards."""

import gc

from infrastructure.collecting import MUCH_THAT_STAYS, rarely_collected


def test_the_last_who_asked_puts_it_back_as_it_was() -> None:
    before = gc.get_threshold()
    one, other = rarely_collected(), rarely_collected()
    try:
        gc.set_threshold(600, 5, 5)
        one.__enter__()
        other.__enter__()
        assert gc.get_threshold() == MUCH_THAT_STAYS
        one.__exit__(None, None, None)  # not in the order in which they came
        assert gc.get_threshold() == MUCH_THAT_STAYS
        other.__exit__(None, None, None)
        assert gc.get_threshold() == (600, 5, 5)
    finally:
        gc.set_threshold(*before)
