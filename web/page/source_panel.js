// The report beside the conversation: opened at the passage, with its outline, neighbours and search.

import { Failure } from "./api.js";
import { announce, button, element } from "./elements.js";
import { tellFailure } from "./failing.js";
import { label, show, text } from "./language.js";
import { openReport } from "./report_view.js";

const PREFIX = "source-";
// Below this width in rem a panel leaves no room; the report then opens as a page of its own.
const WIDE = "(min-width: 72rem)";

const panel = document.getElementById("source");
let opened = null;
let opener = null;

/** Open a passage's report beside the conversation; false where there is no room for it. */
export function openBeside(passage, quote, address, from) {
  if (!matchMedia(WIDE).matches) return false;
  opener = from;
  panel.hidden = false;
  document.body.classList.add("beside");
  open(passage, quote, address);
  return true;
}

async function open({ report: { id, title }, paragraph }, quote, address) {
  const wanted = { paragraph, quote };
  const page = element("a", { class: "action", href: address, target: "_blank", rel: "noopener" });
  show(page, "asPage");
  const close = label(button("quiet close", closePanel), "closeReport", { title });
  panel.querySelector("header").replaceChildren(page, show(close, "close"));
  if (opened?.report.id === id) {
    opened.show(wanted);
    return;
  }
  opened = null;
  const place = panel.querySelector(".source-text");
  place.replaceChildren(show(element("p", { class: "notice" }), "loadingReport"));
  try {
    opened = await openReport(place, id, { prefix: PREFIX, ...wanted });
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const why = error.status === 404 ? text("reportGone") : error.message;
    place.replaceChildren();
    tellFailure(place, { title: error.title, message: why });
  }
}

function closePanel() {
  panel.hidden = true;
  document.body.classList.remove("beside");
  opener?.focus({ preventScroll: true });
  announce(text("reportClosed"));
}

panel.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !event.defaultPrevented) closePanel();
});
