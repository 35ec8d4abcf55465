// What was understood of a report beside its text: metadata, where it was read, and what is in doubt.

import { element } from "./elements.js";
import { show } from "./language.js";

/** What the report states about itself, and where; what it does not state is not there. */
export function metadataElements(report) {
  const list = element("dl", { class: "metadata" });
  const rows = [
    ["date", report.date],
    ["period", report.period?.replace("/", "—") ?? null],
    ["organisation", report.organisation],
    ["publisher", report.publisher],
    ["authors", report.authors.join("、") || null],
    ["edition", report.edition],
    ["url", report.url],
    ["file", report.file],
  ];
  for (const [key, value] of rows) {
    if (value !== null) list.append(row(key, element("dd", { lang: "zh-CN" }, value)));
  }
  const count = show(element("dd"), "paragraphs", { count: report.paragraph_count });
  list.append(row("length", count));
  return report.origins.length > 0 ? [list, originsElement(report.origins)] : [list];
}

function row(key, value) {
  return element("div", {}, show(element("dt"), key), value);
}

function originsElement(origins) {
  const rows = origins.map(({ field, place, quote }) => {
    const where = show(element("span", { class: "origin" }), `from-${place}`);
    const words = element("q", { lang: "zh-CN" }, quote);
    return row(field, element("dd", {}, where, " ", words));
  });
  return element(
    "details",
    { class: "origins" },
    show(element("summary"), "origins"),
    element("dl", {}, ...rows),
  );
}

/** What could be meant otherwise or was lost, each kind with its remedy and its places. */
export function doubtsElement({ doubts, paragraph_count: count }, place) {
  const byCode = new Map();
  for (const doubt of doubts) byCode.set(doubt.code, [...(byCode.get(doubt.code) ?? []), doubt]);
  const kinds = [...byCode.values()].map((some) => {
    const places = some.map((doubt) => placeOf(doubt, count, place)).filter((place) => place.length > 0);
    const items = places.map((place) => element("li", {}, ...place));
    const message = show(element("p"), "inBothLanguages", some[0].message);
    return element("li", {}, message, ...(items.length > 0 ? [element("ul", {}, ...items)] : []));
  });
  return element(
    "details",
    { class: "doubts" },
    show(element("summary"), "doubts", { count: doubts.length }),
    element("ul", {}, ...kinds),
  );
}

/** A link to the paragraph and the words in question; a doubt about the whole file has neither. */
function placeOf({ quote, paragraph }, count, place) {
  const words = quote === "" ? [] : [" ", element("q", { lang: "zh-CN" }, quote)];
  if (paragraph === null || paragraph > count) return words;
  const link = element("a", { href: place(`p${paragraph}`).address });
  return [show(link, "paragraph", { number: paragraph }), ...words];
}
