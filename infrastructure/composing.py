"""The text of a YAML file, made into its one marked value."""

from contextlib import suppress

import yaml

from infrastructure.marked_yaml import Faults, Place

LONGEST_TEXT = 500_000
"""Characters. A longer text is no definition that a person wrote, and would be slow to refuse."""

DEEPEST = 4_000
"""Values within values that libyaml is trusted with; it needs some memory for each."""


def compose(text: str, faults: Faults) -> Place | None:
    """Return the file's one value, None where the text is no YAML or empty (which is noted)."""
    if len(text) > LONGEST_TEXT:
        message = f"the text has {len(text)} characters, a definition at most {LONGEST_TEXT}"
        faults.note(1, "", "too-long", message)
        return None
    try:
        node = _composed(text)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        what = " ".join(filter(None, (error.context, error.problem)))
        faults.note(1 if mark is None else mark.line + 1, "", "bad-yaml", _plain(what))
        return None
    except RecursionError:
        faults.note(1, "", "bad-yaml", "the text is nested too deeply to be read")
        return None
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        character = f"U+{int(error.character):04X}"
        faults.note(line, "", "bad-yaml", f"the character {character} is not allowed: remove it")
        return None
    if node is None or (isinstance(node, yaml.ScalarNode) and not str(node.value).strip()):
        faults.note(1, "", "empty", "the file is empty: a definition begins with its programme")
        return None
    return Place(node, node.start_mark.line + 1, "", faults)


def _composed(text: str) -> yaml.Node | None:
    """Compose with libyaml where it is there: it is many times as fast.

    What it cannot read, and the tabs that it lets pass, are left to PyYAML's own parser, which
    explains more of faults; and so is what may be nested so deeply that libyaml would crash.
    """
    if yaml.__with_libyaml__ and "\t" not in text and _deepest(text) <= DEEPEST:
        with suppress(yaml.YAMLError, UnicodeError):
            return yaml.compose(text, Loader=yaml.CSafeLoader)
    return yaml.compose(text, Loader=yaml.SafeLoader)


def _deepest(text: str) -> int:
    """Return a bound of how deeply a text is nested: by brackets, and within its longest line."""
    longest = max(map(len, text.splitlines()), default=0)
    return text.count("[") + text.count("{") + longest


def _plain(problem: str) -> str:
    if "'\\t'" in problem:
        return "a tab stands where YAML wants spaces: indent with spaces only"
    return f"the text is not valid YAML: {problem}"
