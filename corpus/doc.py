"""Old Word files (.doc) and RTF, which LibreOffice turns into .docx where it is installed.

No library that may be shipped reads the binary format (MS-DOC) with its lists, styles and notes.
LibreOffice does, and RTF as well; it runs without a window, once for each file, with settings of
its own in which macros and links are off.
"""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Literal

from .docx import read_docx
from .errors import UnreadableReport
from .heartbeat import alive
from .resource_limits import allow_memory_of_program
from .source import Extraction

_PATIENCE = 120.0
"""Seconds for one file; a report takes two or three, and most of that is LibreOffice's start."""

_RESTART = 81
"""The exit status with which LibreOffice asks to be started again, once it has made its profile."""

_PLACES = (
    "usr/lib*/libreoffice/program/soffice",
    "opt/libreoffice*/program/soffice",
    "Applications/LibreOffice.app/Contents/MacOS/soffice",
)
"""Where packages put it, below the root."""

_INSTALL = (
    "读取{kind}要用 LibreOffice，这台电脑上没有找到。"
    "请安装 LibreOffice，或用 Word、WPS 打开后另存为 .docx。"
)
_SAVE_AGAIN = "请用 Word 或 WPS 打开后另存为 .docx。"
_KINDS = {".doc": "旧版 Word 文档（.doc）", ".rtf": " RTF 文档"}

# No macros, and no links: pictures on other machines are not fetched (BlockUntrustedRefererLinks
# alone still asks for some), for all addresses lead to a proxy that does not exist.
_SETTINGS = {
    "org.openoffice.Office.Common/Security/Scripting": {
        "DisableMacrosExecution": "true",
        "BlockUntrustedRefererLinks": "true",
    },
    "org.openoffice.Inet/Settings": {
        "ooInetProxyType": "2",
        "ooInetHTTPProxyName": "127.0.0.1",
        "ooInetHTTPProxyPort": "9",
        "ooInetHTTPSProxyName": "127.0.0.1",
        "ooInetHTTPSProxyPort": "9",
        "ooInetNoProxy": "",
    },
}


def read_doc(data: bytes, file: str, *, form: Literal[".doc", ".rtf"] = ".doc") -> Extraction:
    """The paragraphs and table rows of an old Word file or of RTF.

    Raises:
        UnreadableReport: It is broken or has a password, or LibreOffice is missing or failed.
    """
    program = find_soffice()
    if program is None:
        raise UnreadableReport(file, _INSTALL.format(kind=_KINDS[form]))
    with tempfile.TemporaryDirectory(prefix="youju-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        original = folder / f"report{form}"
        original.write_bytes(data)
        try:
            said = _convert(program, original, folder)
        except OSError as error:
            reason = f"LibreOffice（{program}）无法启动：{error.strerror or error}。"
            raise UnreadableReport(file, reason + "请重新安装，或" + _SAVE_AGAIN[1:]) from error
        except subprocess.TimeoutExpired as error:
            reason = f"LibreOffice 用 {_PATIENCE:.0f} 秒没有读完。"
            raise UnreadableReport(file, reason + _SAVE_AGAIN) from error
        converted = folder / "converted" / "report.docx"
        if not converted.exists():
            reason = f"LibreOffice 读不出（{said or '没有说明原因'}），文件可能已损坏或设有密码。"
            raise UnreadableReport(file, reason + _SAVE_AGAIN)
        return read_docx(converted.read_bytes(), file)


def find_soffice(environment: Mapping[str, str] = os.environ) -> Path | None:
    """LibreOffice's program: the one that ``YOUJU_SOFFICE`` names, else one in a usual place."""
    named = environment.get("YOUJU_SOFFICE")
    if named:
        return _binary(Path(named))
    return next((_binary(place) for place in _usual_places(environment) if place.is_file()), None)


def _usual_places(environment: Mapping[str, str]) -> Iterable[Path]:
    for name in ("soffice", "libreoffice"):
        found = shutil.which(name, path=environment.get("PATH"))
        if found:
            yield Path(found)
    for place in _PLACES:
        yield from sorted(Path("/").glob(place), reverse=True)
    for variable in ("PROGRAMFILES", "PROGRAMFILES(X86)"):
        if environment.get(variable):
            yield Path(environment[variable]) / "LibreOffice" / "program" / "soffice.exe"


def _binary(launcher: Path) -> Path:
    """The program itself, which unlike its launcher has no children that outlive it."""
    program = launcher.resolve()
    binary = program.with_name("soffice.bin")
    return binary if binary.is_file() else program


def _convert(program: Path, original: Path, folder: Path) -> str:
    """Convert a file; what LibreOffice said about it.

    Raises:
        OSError: It cannot be started.
        subprocess.TimeoutExpired: It took too long, and was ended.
    """
    profile = folder / "profile"
    _write_settings(profile)
    # What it would leave in the user's folders stays in ours.
    environment = os.environ | {"HOME": str(folder), "SAL_USE_VCLPLUGIN": "svp"}
    command = [
        str(program),
        *("--headless", "--norestore", "--nologo", "--nodefault", "--nolockcheck"),
        f"-env:UserInstallation={profile.as_uri()}",
        *("--convert-to", "docx:MS Word 2007 XML", "--outdir", str(folder / "converted")),
        str(original),
    ]
    deadline = time.monotonic() + _PATIENCE
    log = folder / "log"
    status = _RESTART
    while status == _RESTART:
        status = _run(command, environment, log, deadline)
    # Whatever else it writes, as where it crashed, is nothing for users.
    said = log.read_text("utf-8", "replace").splitlines()
    return " ".join(line for line in said if line.startswith("Error"))[-200:]


def _run(command: list[str], environment: Mapping[str, str], log: Path, deadline: float) -> int:
    """Run a command until it ends, or the deadline (of the monotonic clock) comes."""
    with (
        log.open("wb") as output,
        subprocess.Popen(  # noqa: S603 - LibreOffice, and files that we named
            command, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=output
        ) as process,
    ):
        allow_memory_of_program(process.pid)
        try:
            while time.monotonic() < deadline:
                try:
                    return process.wait(timeout=1)
                except subprocess.TimeoutExpired:
                    alive()
        finally:
            process.kill()
    raise subprocess.TimeoutExpired(command, _PATIENCE)


def _write_settings(profile: Path) -> None:
    items = "".join(
        f'<item oor:path="/{group}"><prop oor:name="{name}" oor:op="fuse">'
        f"<value>{value}</value></prop></item>"
        for group, settings in _SETTINGS.items()
        for name, value in settings.items()
    )
    settings = profile / "user" / "registrymodifications.xcu"
    settings.parent.mkdir(parents=True)
    settings.write_text(
        '<?xml version="1.0" encoding="UTF-8"?>'
        f'<oor:items xmlns:oor="http://openoffice.org/2001/registry">{items}</oor:items>',
        "utf-8",
    )
