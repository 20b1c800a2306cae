"""The revisions that the program knows without Alembic are those that Alembic knows."""

import subprocess
import sys

from alembic.script import ScriptDirectory

from infrastructure import schema


def test_the_revisions_are_those_of_the_steps_in_their_order():
    scripts = ScriptDirectory.from_config(schema._config())
    steps = [step.revision for step in scripts.walk_revisions()]
    assert list(schema.revisions()) == steps[::-1]


def test_opening_a_log_does_not_wait_for_alembic():
    program = (
        "import sys; from infrastructure.event_log import open_log; from infrastructure import "
        "schema; schema.status('sqlite:///none.db'); print('alembic' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout == "False\n"
