"""The whole OpenAPI document against a running service: Schemathesis with all of its checks.

It sends what the document allows and what it forbids, follows ids from one operation to the next,
and looks at every reply: status, type, headers and schema as documented, and no error of ours.
"""

import shutil
import subprocess
import sysconfig
from pathlib import Path

import pytest
from conftest import running_server
from printed_pages import line, page, pdf

from corpus import SAMPLES, read_folder
from index import Change, Encoder, build_index, change_index
from web import TokenFile

pytestmark = pytest.mark.model

SCHEMATHESIS = Path(sysconfig.get_path("scripts"), "schemathesis")
SENTENCE = "青岚县全年修建农村公路一百二十公里。"
CONFIGURATION = Path(__file__).with_name("schemathesis.toml")


@pytest.fixture
def data(tmp_path: Path, encoder: Encoder) -> Path:
    """The sample reports and one with pages; of the samples one is taken out, to be put back."""
    folder, data = shutil.copytree(SAMPLES, tmp_path / "reports"), tmp_path / "data"
    (folder / "公路.pdf").write_bytes(pdf([page([line(SENTENCE, 100, 100)])]))
    reports = read_folder(folder).reports
    build_index(reports, data=data, encoder=encoder, folder=folder)
    change_index(Change(taken_out={reports[0].id}), data=data, encoder=encoder)
    return data


def test_the_service_keeps_the_contract_that_it_publishes(data: Path, tmp_path: Path) -> None:
    token = TokenFile(data).add("schemathesis", "manage")
    with running_server(data) as url:
        done = subprocess.run(
            [
                *(SCHEMATHESIS, "--config-file", CONFIGURATION),
                *("run", f"{url}/openapi.json", "--checks", "all"),
                *("--header", f"Authorization: Bearer {token}"),
                *("--max-examples", "10", "--workers", "2", "--request-timeout", "60"),
            ],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 0, done.stdout
