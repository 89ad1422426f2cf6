"""Code stays small, well named, and free of where it happened to be written."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.repository import ROOT, files, inside, products

VAGUE = {"utils", "util", "common", "helpers", "helper", "base", "misc"}
LINES_IN_A_FILE = 400
LINES_IN_A_FUNCTION = 50

# Written in pieces, or this file would be its own finding.
ELSEWHERE = re.compile(
    "|".join(
        [
            r"(?<![\w.])/(?:wo" + r"rk|ro" + r"ot)/",
            "/ho" + r"me/\w",
            "/Us" + r"ers/\w",
            "/opt/(?:whe" + "els|py" + "pi)",
            "py" + r"pi\.org",
            "python" + r"hosted\.org",
            "registry" + r"\.npmjs",
            "--(?:extra-)?index" + "-url[ =]",
            "--find" + "-links[ =]",
        ]
    )
)


def test_no_module_has_a_name_that_could_hold_anything() -> None:
    vague = [inside(path) for path in files() if path.suffix == ".py" and path.stem in VAGUE]
    folders = [inside(path) for path in files() if VAGUE & set(inside(path).parts[:-1])]

    assert not vague + folders


def test_no_file_is_longer_than_one_can_keep_in_mind() -> None:
    long = {
        str(inside(path)): length
        for path in products()
        if (length := len(path.read_text().splitlines())) > LINES_IN_A_FILE
    }

    assert not long


def test_no_function_is_longer_than_a_screen() -> None:
    assert not [found for path in products() for found in long_functions(path)]


def test_every_decision_has_a_number_of_its_own() -> None:
    numbers = Counter(path.name[:4] for path in (ROOT / "docs" / "adr").glob("[0-9]*.md"))

    assert not [number for number, times in numbers.items() if times > 1]


def test_no_file_names_the_machine_or_the_network_it_was_written_on() -> None:
    assert not [found for path in files() for found in strangers(path)]


def long_functions(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > LINES_IN_A_FUNCTION:
                yield f"{inside(path)}:{node.lineno} {node.name}: {length} lines"


def strangers(path: Path) -> Iterator[str]:
    try:
        text = path.read_text()
    except UnicodeDecodeError:
        return
    for number, line in enumerate(text.splitlines(), start=1):
        if ELSEWHERE.search(line):
            yield f"{inside(path)}:{number}: {line.strip()[:120]}"
