"""A process that keeps the views, or rebuilds one, for tests that kill it.

It says "taken" when it has taken views over, and "building" when it has begun to build.

    python -m tests.infrastructure.projecting_process follow|rebuild URL
"""

import os
import sys
import time

from infrastructure.keeping import Keeping
from infrastructure.projector import Projector
from infrastructure.rebuilding import Rebuild
from tests.infrastructure.projecting import opened, projections_of


def say(line: str) -> None:
    """Tell the test, at once and in one piece."""
    os.write(1, f"{line}\n".encode())


class TellingProjector(Projector):
    """Says when it takes views over."""

    def take_over(self) -> set[str]:
        taken = super().take_over()
        if taken:
            say("taken")
        return taken


def main(act: str, url: str) -> None:
    with opened(url) as log:
        projections = projections_of(log)
        if act == "follow":
            keeping = Keeping(projections)
            keeping._projector = TellingProjector(projections, most=7)
            keeping.run()
        else:
            slow = Rebuild(projections, list(projections.views.values()), between=pause)
            slow.run()


def pause() -> None:
    say("building")
    time.sleep(60)


if __name__ == "__main__":
    main(*sys.argv[1:])
