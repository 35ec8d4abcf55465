"""The project as a whole: what its packages offer, and that a wheel of it works elsewhere."""

import importlib
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from conftest import ROOT

PACKAGES = ["corpus", "index", "qa", "web"]


@pytest.mark.parametrize("name", PACKAGES)
def test_all_public_names_can_be_imported_and_are_sorted(name: str) -> None:
    package = importlib.import_module(name)
    assert all(hasattr(package, public) for public in package.__all__)
    assert len(set(package.__all__)) == len(package.__all__)


@pytest.mark.parametrize("name", PACKAGES)
def test_packages_use_only_public_names_of_one_another(name: str) -> None:
    others = "|".join(package for package in PACKAGES if package != name)
    inside = re.compile(rf"^\s*(?:from|import) (?:{others})\.", re.MULTILINE)
    assert [
        str(file) for file in (ROOT / name).rglob("*.py") if inside.search(file.read_text("utf-8"))
    ] == []


def test_what_few_services_need_is_loaded_when_they_need_it() -> None:
    late = {"docx", "lxml", "mcp", "pypdfium2", "sentence_transformers", "torch"}
    program = f"import sys, web; print({late!r} & set(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "set()"


def test_decisions_are_numbered_in_order() -> None:
    files = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    for number, file in enumerate(files, 1):
        assert file.name.startswith(f"{number:04}-")
        assert file.read_text("utf-8").startswith(f"# {number}. ")


def test_a_wheel_holds_page_and_samples_and_works_in_any_folder(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(tmp_path)]
    subprocess.run([*build, str(ROOT)], check=True, capture_output=True)
    installed = tmp_path / "installed"
    with zipfile.ZipFile(next(tmp_path.glob("*.whl"))) as wheel:
        names = set(wheel.namelist())
        wheel.extractall(installed)
    wanted = list(ROOT.glob("youju*.py"))
    for package in PACKAGES:
        wanted += [p for p in (ROOT / package).rglob("*") if p.is_file() and p.suffix != ".pyc"]
    assert {path.relative_to(ROOT).as_posix() for path in wanted} <= names
    program = (
        "import pathlib, youju, corpus\n"
        "assert pathlib.Path(youju.__file__).is_relative_to(pathlib.Path.cwd())\n"
        "youju.main(['serve', '--help'])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=installed,
        env=os.environ | {"PYTHONPATH": str(installed)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "--port" in done.stdout


def test_what_is_locked_with_hashes_is_what_was_tested() -> None:
    pinned = re.compile(r"^([\w.-]+)==([\w.]+)", re.MULTILINE)
    lock = (ROOT / "requirements.lock").read_text("utf-8")
    tested = {
        name.lower().replace("_", "-"): version
        for name, version in pinned.findall((ROOT / "constraints.txt").read_text("utf-8"))
    }
    entries = re.split(r"\n(?=\S)", lock.partition("\n#    make lock\n")[2].strip())
    for entry in entries:
        found = pinned.match(entry)
        assert found is not None, entry[:80]
        assert "--hash=sha256:" in entry
        name = found[1].lower().replace("_", "-")
        assert tested.get(name, found[2]) == found[2]
    assert len(entries) > 80
    assert "torch==" not in lock
