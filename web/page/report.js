// The page of one report. The address says which paragraph is meant (#p23) and, if it was cited,
// which words (?quote=…).

import { Failure } from "./api.js";
import { announce, element } from "./elements.js";
import { offerLanguages, show } from "./language.js";
import { openReport, placeNamed } from "./report_view.js";

const page = document.getElementById("report");
const id = decodeURIComponent(location.pathname.split("/").at(-1));

offerLanguages(document.getElementById("language"));
open();

async function open() {
  try {
    const onGo = (address) => history.pushState(null, "", address);
    const view = await openReport(page, id, { ...meant(), onGo });
    document.title = `${view.report.title} · 有据`;
    addEventListener("popstate", () => view.show(meant()));
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    if (error.retryAfter !== null) {
      setTimeout(open, error.retryAfter * 1000);
      return;
    }
    page.replaceChildren(failureElement(error));
    announce(`${error.title} ${error.detail}`);
  }
  page.removeAttribute("aria-busy");
}

/** What the address means. */
function meant() {
  const quote = new URLSearchParams(location.search).get("quote") ?? "";
  return { ...placeNamed(location.hash.slice(1)), quote };
}

function failureElement(failure) {
  const home = show(element("a", { class: "secondary", href: "/" }), "backToQuestions");
  return element(
    "div",
    { class: "failure" },
    element("h1", { class: "failure-title" }, failure.title),
    failure.status === 404 ? show(element("p"), "reportGone") : element("p", {}, failure.detail),
    element("p", {}, home),
  );
}
