"""What every helper process of Polku does first: it ends with the one that asked for it."""

import os
import signal
import threading
from multiprocessing import parent_process


def settle() -> None:
    """Leave an interrupt to whoever asked for help, and end when that process does."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
