"""The rules about the code that no linter knows. Each failure names the file and the rule."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from importlinter.cli import lint_imports

from accounting.registry import all_providers

ROOT = Path(__file__).resolve().parent.parent
CODE = ("config", "fieldwork", "accounting", "integrations")
PROVIDERS = Path("accounting/providers")
CATCHES_EVERYTHING = {"integrations/sending/outcomes.py"}
# A home directory, this project's checkout on somebody's machine, or where packages come from.
MACHINE = re.compile(
    r"(?<![\w.])/(?:root|work|Users/\w+|home/\w+)/|/opt/(?:pypi|wheels)"
    r"|\bpypi\.\w|pythonhosted|npmjs\.|--(?:extra-)?index-url\b",
    re.IGNORECASE,
)


def tracked_files() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("Not a git checkout.")
    return [Path(name) for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def code_files(*folders: str) -> Iterator[Path]:
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path.relative_to(ROOT)


def text_of(path: Path) -> str:
    return (ROOT / path).read_text(encoding="utf-8", errors="ignore")


def test_imports_run_in_the_direction_that_the_contracts_say(monkeypatch, capsys):
    monkeypatch.chdir(ROOT)

    code = lint_imports(config_filename=str(ROOT / ".importlinter"), no_cache=True, no_logo=True)

    assert code == 0, capsys.readouterr().out


@pytest.mark.parametrize(("folders", "limit"), [(CODE, 400), (("tests",), 600)])
def test_no_file_is_longer_than_one_can_read(folders, limit):
    lengths = {str(path): text_of(path).count("\n") for path in code_files(*folders)}

    assert {path: length for path, length in lengths.items() if length > limit} == {}


def test_providers_are_named_in_their_own_folder_only():
    places = [*code_files(*CODE), *(path.relative_to(ROOT) for path in (ROOT / "templates").rglob("*.html"))]
    named = names_of_providers()

    found = [
        f"{path}:{number}: {line.strip()}"
        for path in places
        if PROVIDERS not in path.parents
        for number, line in enumerate(text_of(path).splitlines(), 1)
        # Upper case is a variable of the environment, which has to carry the name.
        if any(not match[0].isupper() for match in named.finditer(line))
    ]

    assert found == []


def names_of_providers() -> re.Pattern[str]:
    """Their keys, which are their folders, and their names for people."""
    names = {path.parent.name for path in (ROOT / PROVIDERS).glob("*/__init__.py")}
    names |= {str(provider.label) for key, provider in all_providers().items() if key in names}
    assert names, "no provider found: this test would pass whatever the code says"
    return re.compile(rf"(?<![\w-])(?:{'|'.join(re.escape(name) for name in sorted(names))})(?![\w-])", re.IGNORECASE)


def test_everything_is_caught_in_one_place_only():
    catching = {str(path) for path in code_files(*CODE) if catches_everything(ast.parse(text_of(path)))}

    assert catching <= CATCHES_EVERYTHING


def catches_everything(tree: ast.Module) -> bool:
    """Whether it holds any error back. Cleaning up and raising it again holds nothing back."""
    return any(
        names_everything(node.type) and not ends_with_raise(node)
        for node in ast.walk(tree)
        if isinstance(node, ast.ExceptHandler)
    )


def names_everything(caught: ast.expr | None) -> bool:
    if caught is None:
        return True
    return any(node.id in {"Exception", "BaseException"} for node in ast.walk(caught) if isinstance(node, ast.Name))


def ends_with_raise(handler: ast.ExceptHandler) -> bool:
    last = handler.body[-1]
    return isinstance(last, ast.Raise) and last.exc is None


@pytest.mark.parametrize(
    ("body", "caught"),
    [
        ("except Exception:\n    pass", True),
        ("except (KeyError, BaseException) as e:\n    log(e)", True),
        ("except:\n    pass", True),
        ("except BaseException:\n    give_back()\n    raise", False),
        ("except KeyError:\n    pass", False),
    ],
)
def test_catching_everything_is_recognized(body, caught):
    assert catches_everything(ast.parse(f"try:\n    run()\n{body}")) is caught


def test_no_file_knows_a_machine_or_a_package_index():
    found = [
        f"{path}:{number}: {line.strip()[:100]}"
        for path in tracked_files()
        if ROOT / path != Path(__file__).resolve()
        for number, line in enumerate(text_of(path).splitlines(), 1)
        if MACHINE.search(line)
    ]

    assert found == []
