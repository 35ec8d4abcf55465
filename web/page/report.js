// The page of one report. The address says which paragraph is meant (#p23) and, if it was cited,
// which words (?quote=…); #edit opens the form in which its details are corrected.

import { Failure } from "./api.js";
import { announce, button, element } from "./elements.js";
import { offerLanguages, show } from "./language.js";
import { metadataForm } from "./metadata_form.js";
import { openReport, placeNamed } from "./report_view.js";
import { mayManage, offerSigningIn } from "./signing_in.js";

const page = document.getElementById("report");
const id = decodeURIComponent(location.pathname.split("/").at(-1));

offerLanguages(document.getElementById("language"));
const roleKnown = offerSigningIn();
open();

async function open() {
  try {
    const onGo = (address) => history.pushState(null, "", address);
    const correct = show(button("quiet manages", () => openForm()), "correct");
    const view = await openReport(page, id, { ...meant(), onGo, actions: [correct] });
    const openForm = metadataForm(view.report, (report) => {
      view.describe(report);
      name(report);
    });
    name(view.report);
    addEventListener("popstate", () => {
      view.show(meant());
      openIfAsked(openForm);
    });
    await roleKnown;
    openIfAsked(openForm);
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

function name({ title }) {
  document.title = `${title} · 有据`;
}

/** Open the form for #edit, and take that out of the address, so that going back does not. */
function openIfAsked(openForm) {
  if (location.hash !== "#edit" || !mayManage()) return;
  history.replaceState(null, "", location.pathname);
  openForm();
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
    { class: "failure", id: "text", tabindex: "-1" },
    element("h1", { class: "failure-title" }, failure.title),
    failure.status === 404 ? show(element("p"), "reportGone") : element("p", {}, failure.detail),
    element("p", {}, home),
  );
}
