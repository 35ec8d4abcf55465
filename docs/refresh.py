"""Renew what the READMEs show of the running program: the reply over HTTP and the picture.

    make docs

Starts a server over the sample reports, asks the README's question, and writes the reply between
the markers of both READMEs and pictures of the page with an answer to ``docs/``: on a desktop and a
phone, light and dark; and of the page with checked quotations. Needs Chromium.
"""

import json
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import Browser, ViewportSize, sync_playwright

ROOT = Path(__file__).parent.parent
READMES = (ROOT / "README.md", ROOT / "README.zh.md")
REPLY = re.compile(r"(<!-- reply -->\n```json\n).*?(\n```\n<!-- /reply -->)", re.DOTALL)
ON_THE_PAGE = "青岚的老人去助餐点吃午饭，自己掏几块？"
ARTICLE = """县政府提出，“粮食产量21.5万吨以上，城镇新增就业3800人以上”。

有人写成“粮食产量22.5万吨以上，城镇新增就业3800人以上”，数字就错了。

至于“全县建成三十座大型体育场馆”，查无此事。
"""
DESKTOP = ViewportSize(width=1440, height=900)
PHONE = ViewportSize(width=390, height=844)
CHECKED = ViewportSize(width=900, height=860)
SCHEMES: dict[Literal["light", "dark"], str] = {"light": "", "dark": "-dark"}
"""Colour schemes, and what the names of their pictures end in."""


def main() -> None:
    """Write both READMEs' reply and the picture."""
    question = {"question": "青岚县今年粮食产量目标是多少？", "top_k": 1}
    with running_server() as url:
        reply = ask(url, question)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
            )
            photograph_answer(browser, url, ON_THE_PAGE)
            photograph_check(browser, url, ARTICLE)
            browser.close()
    text = json.dumps(reply, ensure_ascii=False, indent=2)
    for readme in READMES:
        old = readme.read_text("utf-8")
        readme.write_text(REPLY.sub(lambda match: match[1] + text + match[2], old), "utf-8")


@contextmanager
def running_server() -> Iterator[str]:
    """Serve the sample reports from a data folder of their own; gives the address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory() as data:
        command = [sys.executable, "-m", "youju", "serve", "corpus/samples"]
        command += ["--data", data, "--port", str(port)]
        process = subprocess.Popen(command, cwd=ROOT)
        url = f"http://127.0.0.1:{port}"
        try:
            wait_until_ready(f"{url}/readyz")
            yield url
        finally:
            process.terminate()
            process.wait(timeout=20)


def wait_until_ready(url: str) -> None:
    """Return when the server answers, or raise what it last said after two minutes."""
    deadline = time.monotonic() + 120
    while True:
        try:
            urllib.request.urlopen(url, timeout=5).close()
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)
        else:
            return


def ask(url: str, question: dict[str, Any]) -> dict[str, Any]:
    """Ask over HTTP, as the README's curl does."""
    request = urllib.request.Request(
        f"{url}/api/v1/ask", json.dumps(question).encode(), {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=60) as reply:
        answer: dict[str, Any] = json.load(reply)
        return answer


def photograph_answer(browser: Browser, url: str, question: str) -> None:
    """Ask on the page and take its pictures; on a desktop with the report beside the answer."""
    for name, size in (("page", DESKTOP), ("phone", PHONE)):
        for scheme, suffix in SCHEMES.items():
            page = browser.new_page(viewport=size, color_scheme=scheme, locale="zh-CN")
            page.goto(url)
            page.fill("#question", question)
            page.keyboard.press("Enter")
            page.wait_for_selector("mark")
            if size is DESKTOP:
                page.get_by_text("在原文中查看").first.click()
                page.wait_for_selector("#source mark")
            page.wait_for_timeout(500)
            page.screenshot(path=ROOT / "docs" / f"{name}{suffix}.png")
            page.close()


def photograph_check(browser: Browser, url: str, article: str) -> None:
    """Check an article's quotations on the page and take pictures of the verdicts."""
    for scheme, suffix in SCHEMES.items():
        page = browser.new_page(viewport=CHECKED, color_scheme=scheme, locale="zh-CN")
        page.goto(f"{url}/verify")
        page.get_by_label("一篇文稿").check()
        page.fill("#words", article)
        page.click("#check-now")
        page.wait_for_selector(".proof")
        page.screenshot(path=ROOT / "docs" / f"checked{suffix}.png")
        page.close()


if __name__ == "__main__":
    main()
