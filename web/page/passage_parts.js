// Parts of a passage wherever one is shown: where it stands, and the way to it.

import { element } from "./elements.js";
import { show } from "./language.js";
import { openBeside } from "./source_panel.js";

/** The headings above a passage, and the number of its paragraph. */
export function placeLine({ section, paragraph }) {
  const line = element("p", { class: "place" });
  for (const heading of section) {
    line.append(element("span", { class: "crumb", lang: "zh-CN" }, heading));
  }
  line.append(show(element("span", { class: "crumb" }), "paragraph", { number: paragraph }));
  return line;
}

/** A link to a passage in its report: beside this page where there is room, else in a new tab. */
export function sourceLink(passage) {
  const address = passage.url;
  const quote = new URL(address, location.href).searchParams.get("quote") ?? "";
  const link = element("a", { class: "action", href: address, target: "_blank", rel: "noopener" });
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (openBeside(passage, quote, address, link)) event.preventDefault();
  });
  link.append(
    show(element("span"), "openInReport"),
    show(element("span", { class: "visually-hidden" }), "newTab"),
  );
  return link;
}

/** The words that answer or match, or else the whole passage. */
export function highlighted({ text: words, highlights }) {
  return highlights.length === 0 ? words : Array.from(words).slice(...highlights[0]).join("");
}
