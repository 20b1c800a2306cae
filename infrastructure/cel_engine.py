"""The engine of CEL, without the command line that comes in its package.

The package loads it whenever it is imported, with all that a screen needs: half a second for which
every command of Polku would wait.
"""

import sys
from types import ModuleType

COMMAND_LINE = "cel.cli"

if COMMAND_LINE in sys.modules:
    import cel
else:
    sys.modules[COMMAND_LINE] = ModuleType(COMMAND_LINE)
    import cel

    del sys.modules[COMMAND_LINE]  # whoever asks for it by its name gets it

__all__ = ["cel"]
