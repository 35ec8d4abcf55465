// Tables. A row is a paragraph of its own, in Markdown: the head, a line of dashes, the row.

import { element } from "./elements.js";
import { label } from "./language.js";

const BAR = /(?<!\\)\|/;

/** The head's words and the row's cells; `start` and `end` of a cell count code points of `text`. */
export function readRow(text) {
  const row = text.slice(text.lastIndexOf("\n") + 1);
  const start = Array.from(text).length - Array.from(row).length;
  const head = cellsOf(text.split("\n", 1)[0], 0).map(({ words }) => words);
  return { head, cells: cellsOf(row, start) };
}

function cellsOf(line, start) {
  let at = start;
  const cells = line.split(BAR).map((piece) => {
    const begin = at;
    at += Array.from(piece).length + 1;
    return { words: piece.trim().replaceAll("\\|", "|"), start: begin, end: at - 1 };
  });
  return cells.slice(1, -1);
}

/**
 * A table that scrolls sideways by itself, also by keyboard, where it is too wide. `margin` are
 * cells before those of the head; a head without words is left out.
 */
export function tableElement(head, rows, margin = []) {
  const table = element("table", { lang: "zh-CN" });
  if (head.some((words) => words !== "")) {
    const names = head.map((words) => element("th", { scope: "col" }, words));
    table.append(element("thead", {}, element("tr", {}, ...margin, ...names)));
  }
  table.append(element("tbody", {}, ...rows));
  return label(element("div", { class: "table", role: "region", tabindex: "0" }, table), "table");
}

/** The cells of a row; those that a range touches are marked. */
export function rowCells(cells, ranges) {
  return cells.map(({ words, start, end }) => {
    const touched = ranges.some(([first, last]) => first < end && last > start);
    return element("td", {}, touched ? element("mark", {}, words) : words);
  });
}

/** One row under its head, as a passage shows it. */
export function rowTable(text, ranges) {
  const { head, cells } = readRow(text);
  return tableElement(head, [element("tr", {}, ...rowCells(cells, ranges))]);
}

/** One row as pairs of head and cell, which fit any width. */
export function rowPairs(text) {
  const pairs = pairsOf(text).map(([name, words]) =>
    element("div", {}, element("dt", {}, name), element("dd", {}, words)),
  );
  return element("dl", {}, ...pairs);
}

/** One row to be read out: “区县：苇湾区；会员（万人）：14.2”. */
export function rowSentence(text) {
  return pairsOf(text)
    .map(([name, words]) => (name === "" ? words : `${name}：${words}`))
    .join("；");
}

function pairsOf(text) {
  const { head, cells } = readRow(text);
  return cells
    .map(({ words }, column) => [head[column] ?? "", words])
    .filter(([, words]) => words !== "");
}
