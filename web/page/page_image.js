// The page that a paragraph is printed on, as an image, with the paragraph's place marked.

import { Failure, getPage, pageImageAddress, sayWhyNot } from "./api.js";
import { announce, button, element } from "./elements.js";
import { label, show, text } from "./language.js";

// Widths of images are multiples of this, so that a browser keeps few of each page.
const STEP = 400;
const WIDEST = 2000;

let shown = null;

/** Show the page of a paragraph's first span, and any other page from there. */
export function showPage(report, paragraph) {
  shown ??= pageDialog();
  shown.open(report, paragraph);
}

function pageDialog() {
  const title = element("h2", { tabindex: "-1", id: "page-dialog-title" });
  const previous = show(button("quiet step", () => turn(-1)), "previousPageSign");
  const next = show(button("quiet step", () => turn(1)), "nextPageSign");
  const close = show(button("quiet", () => dialog.close()), "closeDialog");
  const sheet = element("div", { class: "sheet" });
  const problem = element("p", { class: "failure", hidden: "" });
  const head = element("header", {}, title, previous, next, close);
  const view = element("div", { class: "sheet-view", tabindex: "0", role: "region" }, problem, sheet);
  const dialog = element(
    "dialog",
    { class: "page-dialog", "aria-labelledby": "page-dialog-title" },
    head,
    view,
  );
  label(view, "pageView");
  label(previous, "previousPage");
  label(next, "nextPage");
  document.body.append(dialog);

  let report = null;
  let paragraph = null;
  let number = 1;
  let total = 1;

  dialog.addEventListener("keydown", ({ key, target }) => {
    if (target === view) return; // where the arrows scroll
    if (key === "PageUp" || key === "ArrowLeft") turn(-1);
    if (key === "PageDown" || key === "ArrowRight") turn(1);
  });

  function turn(by) {
    if (number + by < 1 || number + by > total) return;
    number += by;
    draw();
  }

  async function draw() {
    const wanted = number;
    sheet.replaceChildren();
    problem.hidden = true;
    show(title, "pageLoading", { number: wanted });
    try {
      const { page, total: count } = await getPage(report, wanted);
      if (wanted !== number) return;
      total = count;
      show(title, "pageOf", { number: wanted, count });
      previous.disabled = wanted === 1;
      next.disabled = wanted === count;
      await place(page);
      announce(title.textContent);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      if (wanted === number) sayFailed(error);
    }
  }

  /** Put the image where it will be, with the boxes on it, and wait until it is there. */
  async function place(page) {
    const boxes = paragraph.spans.filter((span) => span.page === page.number && span.box !== null);
    const width = Math.min(WIDEST, Math.ceil((sheet.clientWidth * devicePixelRatio) / STEP) * STEP);
    const address = pageImageAddress(report, page.number, Math.max(width, STEP));
    const image = element("img", { src: address });
    const values = { number: page.number, paragraph: paragraph.ordinal };
    image.alt = text(boxes.length > 0 ? "pageImageMarked" : "pageImage", values);
    if (page.width !== null) image.style.aspectRatio = `${page.width} / ${page.height}`;
    const marks = page.width === null ? [] : boxes.map(({ box }) => markElement(box, page));
    sheet.replaceChildren(image, ...marks);
    marks[0]?.scrollIntoView({ block: "center" });
    try {
      await image.decode();
    } catch {
      if (image.isConnected) await sayWhyNot(address);
    }
  }

  function sayFailed(error) {
    sheet.replaceChildren();
    show(title, "pageNumber", { number });
    problem.textContent = `${error.title} ${error.detail}`;
    problem.hidden = false;
    announce(problem.textContent);
  }

  return {
    open(id, one) {
      report = id;
      paragraph = one;
      number = one.spans.find(({ page }) => page !== null).page;
      dialog.showModal();
      title.focus();
      draw();
    },
  };
}

/** A place on a page; set through the object model, for the page's policy forbids style in markup. */
function markElement([left, top, right, bottom], { width, height }) {
  const mark = element("span", { class: "place-mark" });
  mark.style.left = `${(left / width) * 100}%`;
  mark.style.top = `${(top / height) * 100}%`;
  mark.style.width = `${((right - left) / width) * 100}%`;
  mark.style.height = `${((bottom - top) / height) * 100}%`;
  return mark;
}
