"""Sealing and opening personal texts, beside the bare cipher over the same bytes."""

import time
from collections.abc import Callable, Iterator

from infrastructure.keys import made_of
from infrastructure.sealing import NONCE_BYTES, bound_to, opened, sealed
from tests.performance.contenders import BARE, OURS

FIELDS = 20_000
"""Texts that are sealed and opened in a round."""

SAID = "The client would rather work with people than with things, and asks for mornings."


def rates() -> Iterator[tuple[str, str, float]]:
    """Yield a task, who did it, and how many fields a second it did, once each."""
    key = made_of(b"of-bench", b"k" * 32)
    places = [f"{bound_to(f'journey:j-{n}', n)}note" for n in range(FIELDS)]
    forms: list[str] = []
    secret: list[bytes] = []

    def seal_bare() -> None:
        nonce, text = bytes(NONCE_BYTES), SAID.encode()
        secret.extend(key.cipher.encrypt(nonce, text, place.encode()) for place in places)

    def open_bare() -> None:
        nonce = bytes(NONCE_BYTES)
        for text, place in zip(secret, places, strict=True):
            key.cipher.decrypt(nonce, text, place.encode())

    yield (
        "seal",
        OURS.code,
        _rate(lambda: forms.extend(sealed(key, SAID, place) for place in places)),
    )
    yield (
        "open",
        OURS.code,
        _rate(lambda: [opened(f, p, lambda _: key) for f, p in zip(forms, places, strict=True)]),
    )
    yield "seal", BARE.code, _rate(seal_bare)
    yield "open", BARE.code, _rate(open_bare)


def _rate(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return FIELDS / (time.perf_counter() - begun)
