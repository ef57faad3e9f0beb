"""The house is in order: sizes, tests, error codes, and nothing of one machine in what is committed."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from fnlloyd.errors import FnlloydError, SetupError
from fnlloyd.server.status import STATUS
from fnlloyd.wire.codes import ERROR_MEANINGS

ROOT = Path(__file__).parents[2]
SOURCES = sorted((ROOT / "src").rglob("*.py"))
TESTS = sorted((ROOT / "tests").rglob("test_*.py"))
FILE_LINES = 300
FUNCTION_LINES = 60
# A folder that exists on one machine only, or a place packages were fetched from.
OF_ONE_MACHINE = re.compile(
    r"""(?<![\w.\-~}])/(?:root|work|Users/\w+|home/(?!you\b|player\b|user\b)\w+)/"""
    r"""|--(?:extra-)?index-url\s+http|https?://[^\s"'/]+(?:/[^\s"'/]+)*/simple\b|\b(?:artifactory|devpi)\.""",
    re.IGNORECASE,
)
TEXT = {".py", ".md", ".toml", ".lock", ".txt", ".json", ".js", ".html", ".css", ".yml", ".yaml", ".sh", ".cfg", ""}


def classes(base: type[FnlloydError] = FnlloydError) -> Iterator[type[FnlloydError]]:
    yield base
    for derived in base.__subclasses__():
        yield from classes(derived)


def told_codes() -> set[str]:
    """Codes a client can meet; what is wrong before the start is told on the terminal."""
    return {error.code for error in classes() if not issubclass(error, SetupError)}


def functions(file: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def committed() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if listed.returncode:
        pytest.skip("this is not a git checkout, so nothing says what is committed")
    return [ROOT / name for name in listed.stdout.decode().split("\0") if name]


def test_every_error_code_has_an_http_status() -> None:
    assert sorted(STATUS) == sorted(told_codes())


def test_every_status_is_an_error_s() -> None:
    assert [code for code, status in STATUS.items() if not 400 <= status <= 504] == []


def test_every_error_code_is_explained_and_is_on_the_protocol_s_page() -> None:
    page = (ROOT / "docs" / "protocol.md").read_text(encoding="utf-8")
    assert [code for code in sorted(told_codes()) if f"`{code}`" not in page] == []
    assert set(ERROR_MEANINGS) == told_codes()


def test_every_error_is_in_the_drawn_tree_with_its_code() -> None:
    tree = (ROOT / "src" / "fnlloyd" / "errors.py").read_text(encoding="utf-8").split('"""')[1]
    missing = [error.__name__ for error in classes() if error.__name__ not in tree]
    assert missing == []
    own = [error for error in classes() if "code" in vars(error) and error is not FnlloydError]
    assert [e.__name__ for e in own if not re.search(rf"\b{e.__name__}\s+{e.code}\b", tree)] == []


def test_no_source_file_is_too_long_to_read() -> None:
    lengths = {file.relative_to(ROOT): len(file.read_text(encoding="utf-8").splitlines()) for file in SOURCES}
    assert {str(file): lines for file, lines in lengths.items() if lines > FILE_LINES} == {}


def test_no_function_is_too_long_to_read() -> None:
    long = [
        f"{file.relative_to(ROOT)}:{function.lineno} {function.name}"
        for file in SOURCES
        for function in functions(file)
        if (function.end_lineno or function.lineno) - function.lineno >= FUNCTION_LINES
    ]
    assert long == []


def test_every_source_file_says_what_it_is_in_its_first_line() -> None:
    silent = [file for file in SOURCES if file.stat().st_size and not ast.get_docstring(ast.parse(file.read_text()))]
    assert [str(file.relative_to(ROOT)) for file in silent] == []


def test_every_test_file_has_tests() -> None:
    empty = [file for file in TESTS if not any(function.name.startswith("test_") for function in functions(file))]
    assert [str(file.relative_to(ROOT)) for file in empty] == []


def test_no_test_has_the_name_of_another_in_its_file() -> None:
    """The later one would silently take its place."""
    twice = [
        f"{file.relative_to(ROOT)}: {name}"
        for file in TESTS
        for names in [[node.name for node in ast.parse(file.read_text()).body if isinstance(node, FUNCTIONS)]]
        for name in sorted({name for name in names if names.count(name) > 1})
    ]
    assert twice == []


FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def test_nothing_of_one_machine_is_in_what_is_committed() -> None:
    found = []
    for file in committed():
        if file.suffix in TEXT and file.is_file() and file != Path(__file__):
            text = file.read_text(encoding="utf-8", errors="replace")
            found += [f"{file.relative_to(ROOT)}: {match[0]}" for match in OF_ONE_MACHINE.finditer(text)]
    assert found == []
