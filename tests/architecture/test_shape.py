"""The size of functions and files, and the language of code."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("accounts", "courses", "lms")
FUNCTION_LINES = 40
FILE_LINES = 400
TEST_LINES = 600
CHINESE = re.compile(r"[\u3400-\u9fff]")
# What may hold Chinese outside the catalogue, and why.
CHINESE_ALLOWED = {
    "accounts/mergers/columns.py": "headers of the sheets that people bring",
    "accounts/models/units.py": "the endings of places' names",
    "accounts/roster/columns.py": "headers of the spreadsheets that people bring",
    "accounts/roster/facts.py": "what people write in those spreadsheets",
    "accounts/roster/places.py": "the endings of places' names",
    "courses/films/models.py": "the names of languages, each in its own words",
    "courses/quizzes/imports/columns.py": "headers of the sheets that trainers bring",
    "courses/quizzes/imports/notation.py": "what trainers write in those sheets",
    "courses/quizzes/imports/workbooks.py": "examples in the empty sheet",
    "courses/quizzes/lines.py": "what trainers write for right and wrong",
    "courses/search.py": "the range of Chinese characters",
    "lms/certificates/pen.py": "where a Chinese line may break",
    "lms/obligations/defaults.py": "names that are data and that staff may edit",
    "lms/training/claims/sheets/columns.py": "headers of the sheets that townships bring",
    "lms/training/claims/sheets/notation.py": "what people write in those sheets",
    "lms/settings.py": "the site's own name and the names of languages",
}
# Names that are the same in every language.
NAMES = {"CSV", "PDF", "QR", "SHA", "XLSX"}
WORDS = re.compile(r"[A-Za-z]{2,}")
# Marked texts, tags of the template language, comments, scripts and drawings hold no loose words.
NOT_WORDS = re.compile(
    r"{%\s*block (?:kind|width)\s*%}\w+"
    r"|{%\s*comment.*?endcomment\s*%}|{%\s*blocktrans(?:late)?\b.*?endblocktrans(?:late)?\s*%}"
    r"|{#.*?#}|{%.*?%}|{{.*?}}|<script\b.*?</script>|<svg\b.*?</svg>|<symbol\b.*?</symbol>"
    r"|<!--.*?-->|<!doctype[^>]*>|&\w+;",
    re.DOTALL | re.IGNORECASE,
)
COMMENTS = re.compile(r"{#.*?#}|(?<!:)//[^\n]*|/\*.*?\*/", re.DOTALL)
SPOKEN_ATTRIBUTE = re.compile(r"\s(?:alt|title|placeholder|aria-label|data-\w*text)=\"([^\"]*)\"")


def code() -> Iterator[Path]:
    for package in PACKAGES:
        yield from (ROOT / package).rglob("*.py")
    yield from (ROOT / name for name in ("run.py", "manage.py", "vendor/build.py"))


def sources() -> list[Path]:
    return [path for path in code() if "migrations" not in path.parts]


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", sources(), ids=named)
def test_functions_stay_short(path: Path) -> None:
    long = [
        f"{node.name}: {length(node)} lines"
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and length(node) > FUNCTION_LINES
    ]
    assert not long


def length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of what a function does; its signature and docstring may take the room they need."""
    body = node.body[1:] if ast.get_docstring(node) else node.body
    return body[-1].end_lineno - body[0].lineno + 1 if body else 0


def test_files_stay_short() -> None:
    long = [named(path) for path in sources() if lines(path) > FILE_LINES]
    long += [named(path) for path in (ROOT / "tests").rglob("*.py") if lines(path) > TEST_LINES]
    assert not long


def lines(path: Path) -> int:
    return len(path.read_text().splitlines())


def test_code_holds_no_chinese_outside_the_catalogue() -> None:
    found = [
        f"{named(path)}:{node.lineno}: {node.value[:30]}"
        for path in sources()
        if not is_exempt(path)
        for node in strings(ast.parse(path.read_text()))
        if CHINESE.search(str(node.value))
    ]
    assert not found


def is_exempt(path: Path) -> bool:
    """The demo speaks of one county; run.py speaks two languages before anything is installed."""
    return named(path).startswith(("lms/demo/", "run.py", "vendor/")) or named(path) in CHINESE_ALLOWED


def strings(tree: ast.AST) -> Iterator[ast.Constant]:
    """The texts of a module without its docstrings."""
    documented = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, documented) and node.body and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node


def templates() -> list[Path]:
    return [path for package in PACKAGES for path in (ROOT / package).rglob("templates/**/*.html")]


def own_scripts() -> list[Path]:
    return [path for path in (ROOT / "lms" / "static").rglob("*.js") if "vendor" not in path.parts]


def test_templates_and_scripts_hold_no_chinese() -> None:
    found = []
    for path in [*templates(), *own_scripts()]:
        text = re.sub(
            r"{#.*?#}|//.*|/\*.*?\*/", "", path.read_text(), flags=re.DOTALL if path.suffix == ".html" else 0
        )
        found += [f"{named(path)}: {line.strip()[:60]}" for line in text.splitlines() if CHINESE.search(line)]
    assert not found


def test_templates_hold_no_words_outside_the_catalogue() -> None:
    found = []
    for path in templates():
        text = NOT_WORDS.sub(" ", path.read_text())
        spoken = " ".join(SPOKEN_ATTRIBUTE.findall(text))
        loose = re.sub(r"<[^>]*>", " ", text)
        found += [
            f"{named(path)}: {word}" for word in WORDS.findall(f"{loose} {spoken}") if word not in NAMES
        ]
    assert not found


def test_own_scripts_run_in_old_browsers() -> None:
    found = [
        f"{named(path)}: {syntax}"
        for path in own_scripts()
        for syntax in re.findall(r"\?\.(?=[\w(\[])|\?\?", path.read_text())
    ]
    assert not found
