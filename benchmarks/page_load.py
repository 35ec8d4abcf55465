"""How heavy the pages are, and how soon they can be used on a slow computer.

    python benchmarks/page_load.py URL [--slowdown 4] [--runs 9]

URL is that of a running service. Each page is opened N times in Chromium, with an empty cache and
its CPU slowed down; the median counts. Written as JSON, with where the figures were made:

    page_bytes    of the page's own files as they are sent, headers not counted
    data_bytes    of what it asks the service for until it is at rest: reports, outlines
    requests      for both
    painted_ms    first contentful paint
    usable_ms     from the start of navigation until a key that is typed stands in the box (the chat
                  page and the page that checks quotations) or the text stands there (a report)

Needs Chromium.
"""

import argparse
import json
import shutil
import statistics
from collections import Counter
from collections.abc import Sequence
from typing import Any

from playwright.sync_api import Browser, CDPSession, Page, sync_playwright
from provenance import provenance

PAINTED = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0"
FIRST_REPORT = "async () => (await (await fetch('/api/v1/reports?limit=1')).json()).items[0].id"


def main() -> None:
    """Measure the pages of a running service."""
    options = _options()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        report = _first_report(browser, options.url)
        pages = {"/": "#question", "/verify": "#words", f"/reports/{report}": None}
        measured = {
            path if box else "/reports/{id}": _median(
                [
                    _measured(browser, options.url + path, box, options.slowdown)
                    for _ in range(options.runs)
                ]
            )
            for path, box in pages.items()
        }
        browser.close()
    print(json.dumps({"slowdown": options.slowdown, **measured, **provenance()}, indent=1))


def _measured(browser: Browser, address: str, box: str | None, slowdown: int) -> dict[str, float]:
    context = browser.new_context(locale="zh-CN")
    page = context.new_page()
    devtools = context.new_cdp_session(page)
    sent = _sent(devtools)
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": slowdown})
    page.goto(address, wait_until="commit")
    usable = _usable(page, box)
    page.wait_for_load_state("networkidle")
    painted = page.evaluate(PAINTED)
    context.close()
    data = sum(size for url, size in sent.items() if "/api/" in url)
    return {
        "page_bytes": sum(sent.values()) - data,
        "data_bytes": data,
        "requests": len(sent),
        "painted_ms": round(painted),
        "usable_ms": round(usable),
    }


def _usable(page: Page, box: str | None) -> float:
    """Milliseconds from the start of navigation until the page does what it is for."""
    if box is None:
        page.wait_for_selector(".paragraph")
    else:
        page.wait_for_function("box => document.activeElement?.matches(box)", arg=box)
        page.keyboard.press("a")
        page.wait_for_function("box => document.querySelector(box).value === 'a'", arg=box)
    now: float = page.evaluate("performance.now()")
    return now


def _sent(devtools: CDPSession) -> Counter[str]:
    """The bytes of each body that is sent, by its address, as they come."""
    addresses: dict[str, str] = {}
    sent: Counter[str] = Counter()

    def begin(event: dict[str, Any]) -> None:
        addresses[event["requestId"]] = event["request"]["url"]

    def receive(event: dict[str, Any]) -> None:
        sent[addresses[event["requestId"]]] += event["encodedDataLength"]

    devtools.on("Network.requestWillBeSent", begin)
    devtools.on("Network.dataReceived", receive)
    devtools.send("Network.enable")
    return sent


def _median(runs: Sequence[dict[str, float]]) -> dict[str, float]:
    return {name: statistics.median(run[name] for run in runs) for name in runs[0]}


def _first_report(browser: Browser, url: str) -> str:
    page = browser.new_page()
    page.goto(url)
    report: str = page.evaluate(FIRST_REPORT)
    page.close()
    return report


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("url", help="of a running service, such as http://127.0.0.1:8000")
    parser.add_argument("--slowdown", type=int, default=4, help="of the CPU (4)")
    parser.add_argument("--runs", type=int, default=9, help="of each page (9)")
    return parser.parse_args()


if __name__ == "__main__":
    main()
