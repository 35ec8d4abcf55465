// An answer written by a language model over the passages, where the service has one: sentence by
// sentence, each with its sources, and marked where its sources do not bear it out.

import { Failure, getService, writeAnswer } from "./api.js";
import { announce, button, element } from "./elements.js";
import { show, text } from "./language.js";
import { scope } from "./scope.js";

const service = getService().catch(() => null);

/** A place that offers to write, if something here can; `asked` is what was asked. */
export function offerWriting(asked, passages) {
  const place = element("section", { class: "written", hidden: "" });
  const start = button("secondary", () => write(place, asked, passages));
  place.append(show(start, "write"));
  service.then((known) => {
    place.hidden = known?.features.writing !== true;
  });
  return place;
}

async function write(place, asked, passages) {
  const controller = new AbortController();
  const words = element("p", { class: "written-text", lang: "zh-CN" });
  const stop = show(button("action", () => controller.abort()), "stop");
  const title = show(element("h3", { class: "passages-title" }), "written");
  place.replaceChildren(title, words, stop);
  const heard = {
    sentence: (sentence) => words.append(...sentenceElements(sentence, passages)),
    unwritten: ({ message }) => {
      place.append(show(element("p", { class: "notice" }), "inBothLanguages", message));
    },
    end: ({ sentences, unsupported }) => announce(text("writtenDone", { sentences, unsupported })),
  };
  try {
    const chosen = scope();
    const wanted = chosen === null ? asked : { ...asked, reports: chosen };
    await writeAnswer(wanted, controller.signal, (event, data) => heard[event]?.(data));
  } catch (error) {
    if (!controller.signal.aborted) {
      if (!(error instanceof Failure)) throw error;
      place.append(element("p", { class: "notice" }, `${error.title} ${error.message}`));
    }
  }
  stop.remove();
  const again = () => write(place, asked, passages);
  place.append(show(button("action", again), "writeAgain"));
}

/** A sentence as text, the numbers of its sources as links to their cards, and what is wrong. */
function sentenceElements({ text: words, sources, supported, faults }, passages) {
  const sentence = element("span", { class: supported ? null : "unsupported" }, words);
  const links = sources.map((rank) => {
    const card = passages.find((passage) => passage.rank === rank)?.cardId;
    return element("a", { class: "source-number", href: `#${card}` }, `[${rank}]`);
  });
  if (supported) return [sentence, ...links];
  const mark = show(element("strong", { class: "unsupported-mark" }), "unsupported");
  const warning = element("span", { class: "unsupported-why" });
  for (const { message } of faults) {
    warning.append(show(element("span"), "inBothLanguages", message), " ");
  }
  return [sentence, ...links, mark, warning];
}
