// What can be done with a paragraph: copy a link to it, see it on its page. There is one set of
// buttons, which comes to the paragraph that the pointer, the keyboard or the address is at.

import { copyButton } from "./copying.js";
import { button, element } from "./elements.js";
import { show } from "./language.js";
import { quoteRange } from "./matching.js";
import { showPage } from "./page_image.js";

// A sentence to the end of its closing marks; of one without an end, so much that it is known again.
const SENTENCE = /^[^。！？!?]{1,150}[。！？!?]+[”’」』）)]*/u;
const LEAD = 60;

/** Offer the tools in the body of a report. */
export function offerTools(body, report, paragraphs, prefix) {
  const byId = new Map(paragraphs.map((one) => [`${prefix}p${one.ordinal}`, one]));
  let at = null;
  const link = copyButton("copyLink", () => permanentAddress(report, byId.get(at.id), at));
  const page = button("action", () => showPage(report.id, byId.get(at.id)));
  const tools = element("div", { class: "tools actions" }, link, show(page, "seePage"));

  // The press would take the selection away before its words are in the link.
  tools.addEventListener("mousedown", (event) => event.preventDefault());
  const come = ({ target }) => {
    const made = target.closest?.(".paragraph") ?? null;
    if (made === null || made === at || tools.querySelector(":focus-visible") !== null) return;
    at = made;
    page.hidden = (byId.get(made.id).spans[0]?.page ?? null) === null;
    made.querySelector(".margin").append(tools);
  };
  body.addEventListener("pointerover", come);
  body.addEventListener("click", ({ target }) => {
    if (!target.matches(".page")) return;
    showPage(report.id, byId.get(target.closest(".paragraph").id));
  });
  body.addEventListener("focusin", (event) => {
    if (!tools.contains(event.target)) come(event);
  });
}

/** An address that finds the words again when the report's paragraphs have other numbers. */
function permanentAddress({ id }, { ordinal, kind, text }, made) {
  const row = kind === "table" ? text.slice(text.lastIndexOf("\n") + 1) : text;
  const quote = selectedIn(made, row) ?? beginning(row, kind);
  const path = `/reports/${encodeURIComponent(id)}?quote=${encodeURIComponent(quote)}#p${ordinal}`;
  return new URL(path, location.href).href;
}

/** The words of a paragraph that are selected, if any. */
function selectedIn(made, words) {
  const selection = getSelection();
  if (!made.contains(selection.anchorNode) || !made.contains(selection.focusNode)) return null;
  const chosen = selection.toString().trim();
  return chosen !== "" && quoteRange(words, chosen) !== null ? chosen : null;
}

function beginning(words, kind) {
  if (kind === "table") return words;
  return SENTENCE.exec(words)?.[0] ?? Array.from(words).slice(0, LEAD).join("");
}
