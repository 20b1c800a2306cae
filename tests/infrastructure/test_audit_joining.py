"""The processes of an audit end with it, and it goes on without them."""

import subprocess
import sys
from functools import partial

from tests.databases import Own
from tests.infrastructure.test_ledger_audit import fill

STANDS_STILL = """
import sys, time
from infrastructure.audit_joining import checked_by
from infrastructure.audit_stretches import Stretch
from infrastructure.database import Database

if __name__ == "__main__":
    stretches = [Stretch(0, 256), Stretch(256, 300)]
    for _ in checked_by(Database(sys.argv[1]), stretches, 2):
        print("begun", flush=True)
        time.sleep(60)
"""


def test_no_process_of_an_audit_outlives_one_that_is_killed(own_sqlite: Own):
    """It would have the file open for ever, and whatever the audit was to write to."""
    url = own_sqlite.filled(partial(fill, entries=300))
    command = [sys.executable, "-c", STANDS_STILL, url]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as audit:
        assert audit.stdout is not None
        assert audit.stdout.readline() == "begun\n"
        audit.kill()
        assert audit.communicate(timeout=60) == ("", None)


LOSES_ITS_PROCESSES = """
import os, signal, sys
from multiprocessing import active_children
from infrastructure.audit_joining import checked_by
from infrastructure.audit_stretches import Stretch
from infrastructure.database import Database
from infrastructure.logging import set_up

if __name__ == "__main__":
    set_up()
    stretches = [Stretch(n, n + 256) for n in range(0, 2560, 256)]
    for checked in checked_by(Database(sys.argv[1]), stretches, 2):
        print(checked.stretch.after, len(checked.faults), flush=True)
        for helper in active_children():
            os.kill(helper.pid, signal.SIGKILL)
"""


def test_an_audit_whose_processes_were_killed_is_done_all_the_same(own_sqlite: Own):
    url = own_sqlite.filled(partial(fill, entries=2560))
    command = [sys.executable, "-c", LOSES_ITS_PROCESSES, url]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert ended.stdout.splitlines() == [f"{after} 0" for after in range(0, 2560, 256)]
    assert ended.returncode == 0
    assert "audit-helpers-died" in ended.stderr
