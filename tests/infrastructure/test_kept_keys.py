"""Keys at hand: the newest are found, few are kept, and who reads much is not robbed by others."""

import pytest

from infrastructure.kept_keys import KeptKeys
from infrastructure.keys import Key, made_of


def key(number: int) -> Key:
    return made_of(number.to_bytes(8, "big"), bytes(32))


def put(kept: KeptKeys, *numbers: int) -> None:
    keys = {number: key(number) for number in numbers}
    kept.put(
        {one.id: one for one in keys.values()},
        {f"client:{number}": {"identity": one} for number, one in keys.items()},
    )


def test_a_key_is_found_by_its_id_and_by_its_owner() -> None:
    kept = KeptKeys()
    put(kept, 1, 2)
    kept.put({b"destroyed": None}, {"client:3": {}})
    assert kept.by_id(key(2).id) == kept.of_owner("client:2")["identity"]
    assert kept.by_id(b"destroyed") is None
    assert kept.of_owner("client:3") == {}
    assert kept.of_owner("client:4") is None
    with pytest.raises(KeyError):
        kept.by_id(b"unknown")


def test_what_is_read_at_a_time_stays_while_others_read_a_little() -> None:
    kept = KeptKeys(most=20)
    put(kept, *range(100))
    for other in range(100, 110):
        put(kept, other)
    assert all(kept.by_id(key(number).id) for number in range(110))
    assert all(kept.of_owner(f"client:{number}") for number in range(110))


def test_what_nobody_reads_any_more_is_let_go() -> None:
    kept = KeptKeys(most=20)
    for number in range(100):
        put(kept, number)
    left = [number for number in range(100) if kept.of_owner(f"client:{number}")]
    assert left == list(range(min(left), 100))
    assert len(left) <= 22


def test_what_was_said_of_an_owner_last_holds() -> None:
    kept = KeptKeys(most=2)
    put(kept, 1)
    put(kept, 2)
    newer = key(9)
    kept.put({newer.id: newer}, {"client:1": {"identity": newer}})
    assert kept.of_owner("client:1") == {"identity": newer}
