// Before the first question: which reports are loaded, and what could be asked of them.

import { Failure, getReport, listAllReports } from "./api.js";
import { button, element } from "./elements.js";
import { show, text } from "./language.js";

const SHOWN = 6;
const EXAMPLES = 3;

/** Fill the welcome; `askExample` gets the example question that was chosen. */
export async function offerLibrary(welcome, askExample) {
  const library = welcome.querySelector("#library");
  try {
    const items = await listAllReports();
    showReports(welcome, items);
    await showExamples(welcome, items, askExample);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    showFailure(library, error, () => offerLibrary(welcome, askExample));
  }
}

/** List the reports in the welcome. */
export function showReports(welcome, items) {
  const library = welcome.querySelector("#library");
  if (items.length === 0) {
    library.replaceChildren(show(element("p", { class: "notice" }), "libraryEmpty"));
    return;
  }
  const title = show(element("h3"), "libraryTitle", { count: items.length });
  library.replaceChildren(title, reportList(items.slice(0, SHOWN)));
  if (items.length > SHOWN) {
    const summary = show(element("summary"), "libraryMore", { count: items.length - SHOWN });
    library.append(element("details", {}, summary, reportList(items.slice(SHOWN))));
  }
}

function reportList(items) {
  return element("ul", { class: "report-list" }, ...items.map(reportLine));
}

function reportLine({ id, title, date }) {
  const address = `/reports/${encodeURIComponent(id)}`;
  const line = element("li", {}, element("a", { href: address, lang: "zh-CN" }, title));
  if (date !== null) line.append(element("time", { datetime: date }, date));
  return line;
}

/** One example from each of the first reports, about something that has a heading of its own. */
async function showExamples(welcome, items, askExample) {
  const reports = await Promise.all(items.slice(0, EXAMPLES).map(({ id }) => getReport(id)));
  const questions = reports.map(exampleQuestion).filter((question) => question !== null);
  if (questions.length === 0) return;
  const list = welcome.querySelector("#example-list");
  list.replaceChildren(
    ...questions.map((question) => {
      const chip = button("example", () => askExample(question));
      chip.lang = "zh-CN";
      chip.append(question);
      return element("li", {}, chip);
    }),
  );
  welcome.querySelector("#examples").hidden = false;
}

function exampleQuestion({ title, outline }) {
  const headings = outline
    .filter(({ level }) => level > 1)
    .map(({ heading }) => heading.replace(/^[（(]?[一二三四五六七八九十\d]+[)）、.．]\s*/, ""))
    .filter((heading) => heading.length >= 4 && heading.length <= 16);
  if (headings.length === 0) return null;
  return text("exampleQuestion", { report: title, heading: headings[0].replace(/[。：]$/, "") });
}

/** While the service loads, wait and ask again; anything else is said, with a way to retry. */
function showFailure(library, failure, retry) {
  if (failure.status === 503 && failure.retryAfter !== null) {
    library.replaceChildren(show(element("p", { class: "notice" }), "libraryLoading"));
    setTimeout(retry, failure.retryAfter * 1000);
    return;
  }
  library.replaceChildren(
    element("p", { class: "failure-title" }, failure.title),
    element("p", {}, failure.detail),
    show(button("secondary", retry), "retry"),
  );
}
