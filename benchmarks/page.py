"""Weight of the chat page, and how soon it can be used on a slow computer.

    python benchmarks/page.py [URL]

Opens the page of a running server (http://127.0.0.1:8000/ if no other is given) in Chromium with an
empty cache, its CPU slowed down four-fold through the DevTools protocol, ten times. Printed are
JSON: bytes as sent, requests, and medians in milliseconds from the start of the navigation to the
first paint, to where the question box takes a question, and from sending one to the answer.
"""

import json
import shutil
import statistics
import sys
import time
from typing import Any

from playwright.sync_api import Browser, sync_playwright
from provenance import provenance

RUNS = 10
SLOWDOWN = 4
QUESTION = "今年的主要目标有哪些？"


def main() -> None:
    """Measure and print."""
    url = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000/"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        runs = [visit(browser, url) for _ in range(RUNS)]
        browser.close()
    medians = {name: round(statistics.median(run[name] for run in runs)) for name in runs[0]}
    print(json.dumps({**provenance(), "slowdown": SLOWDOWN, "runs": RUNS, **medians}, indent=1))


def visit(browser: Browser, url: str) -> dict[str, float]:
    """Open the page once in a fresh profile, and ask."""
    page = browser.new_context(locale="zh-CN").new_page()
    tools = page.context.new_cdp_session(page)
    tools.send("Network.enable")
    tools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWDOWN})
    sent: list[float] = []

    def note(event: dict[str, Any]) -> None:
        sent.append(event["encodedDataLength"])

    tools.on("Network.loadingFinished", note)
    page.goto(url)
    page.wait_for_function("document.activeElement?.id === 'question'")
    usable = page.evaluate("performance.now()")
    page.wait_for_selector(".report-list a")
    paint = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
    size, requests = sum(sent), len(sent)
    page.fill("#question", QUESTION)
    asked = time.perf_counter()
    page.keyboard.press("Enter")
    page.wait_for_selector(".passage")
    answered = (time.perf_counter() - asked) * 1000
    page.context.close()
    return {
        "bytes": size,
        "requests": requests,
        "first_paint_ms": paint,
        "usable_ms": usable,
        "answer_ms": answered,
    }


if __name__ == "__main__":
    main()
