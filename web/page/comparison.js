// A question about several regions, bodies or reports: a table with a line for each of them.

import { element } from "./elements.js";
import { label, show } from "./language.js";

// Units may be counted in these; 3860人 and 1.24万人 can be set side by side.
const POWERS = { 万亿: 1e12, 亿: 1e8, 万: 1e4 };
const UNIT = /^(万亿|亿|万)?(.*)$/s;

/** The table; null where a question is about one thing. `cards` are the passages' by rank. */
export function comparisonTable({ comparison, passages }) {
  if (comparison.length === 0) return null;
  const figures = comparison.some(({ figure }) => figure !== null);
  const longest = barScale(comparison);
  const rows = comparison.map((line) => row(line, passages, figures, longest));
  const table = element("table", { class: "comparison", lang: "zh-CN" }, element("tbody", {}, ...rows));
  return label(element("div", { class: "table", role: "region", tabindex: "0" }, table), "comparison");
}

/** What the longest bar stands for; null where figures cannot be set side by side. */
function barScale(comparison) {
  const figures = comparison.map(({ figure }) => figure).filter((figure) => figure !== null);
  const [first] = figures;
  const comparable =
    figures.length > 1 &&
    figures.every(({ value, unit, direction }) => {
      return value > 0 && counted(unit) === counted(first.unit) && direction === first.direction;
    });
  return comparable ? Math.max(...figures.map(amount)) : null;
}

/** What is counted, whether in ones or in ten thousands. */
function counted(unit) {
  return UNIT.exec(unit ?? "")[2];
}

function amount({ value, unit }) {
  return value * (POWERS[UNIT.exec(unit ?? "")[1]] ?? 1);
}

function row({ subject, passage: rank, figure }, passages, figures, longest) {
  const cells = [element("th", { scope: "row" }, subject)];
  const passage = passages.find((one) => one.rank === rank);
  if (passage === undefined) {
    const nothing = element("td", { class: "nothing", colspan: figures ? 2 : 1 });
    return element("tr", {}, ...cells, show(nothing, "nothingSaid"));
  }
  if (figures) cells.push(figureCell(figure, longest));
  const link = element("a", { href: `#${passage.cardId}` }, sentence(passage));
  return element("tr", {}, ...cells, element("td", {}, link));
}

function figureCell(figure, longest) {
  const cell = element("td", { class: "figure" }, figure === null ? "" : wording(figure));
  if (figure === null || longest === null) return cell;
  const bar = element("span", { class: "bar-of-figure" });
  bar.style.width = `${(100 * amount(figure)) / longest}%`;
  cell.append(element("span", { class: "bar-track" }, bar));
  return cell;
}

/** A figure with the words of growth before it, as the report has them: 增长5.5%左右. */
function wording({ text, qualifiers, direction }) {
  const way = direction === null ? undefined : qualifiers.find((words) => !text.includes(words));
  return `${way ?? ""}${text}`;
}

function sentence({ text, highlights }) {
  return Array.from(text).slice(...highlights[0]).join("");
}
