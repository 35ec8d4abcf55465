// Finding words in text. Ranges count UTF-16 units, as strings and text nodes do.

const SPACE = /\s/u;

const asQuoted = (point) => (SPACE.test(point) ? "" : point);
const asSearched = (point) => asQuoted(point.normalize("NFKC").toLowerCase());

/** Where a quote stands in a text, white space aside; null if it does not. */
export function quoteRange(text, quote) {
  return rangesOf(fold(text, asQuoted), fold(quote, asQuoted).plain)[0] ?? null;
}

/** A text made ready to be searched again and again. */
export function searchable(text) {
  return fold(text, asSearched);
}

/** Every range of a text made ready where some words stand: case, width and white space aside. */
export function foundRanges(ready, words) {
  return rangesOf(ready, fold(words, asSearched).plain);
}

/** The text as it is compared, and for each of its units the range that it came from. */
function fold(text, asCompared) {
  let plain = "";
  const places = [];
  let at = 0;
  for (const point of text) {
    const compared = asCompared(point);
    const place = [at, at + point.length];
    for (let unit = 0; unit < compared.length; unit += 1) places.push(place);
    plain += compared;
    at += point.length;
  }
  return { plain, places };
}

function rangesOf({ plain, places }, words) {
  const ranges = [];
  if (words === "") return ranges;
  for (let at = plain.indexOf(words); at !== -1; at = plain.indexOf(words, at + words.length)) {
    ranges.push([places[at][0], places[at + words.length - 1][1]]);
  }
  return ranges;
}
