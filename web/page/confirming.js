// What cannot be undone by a press is asked about once more, in the same place.

import { label, show } from "./language.js";

/**
 * Make a button act when it is pressed a second time; leaving it in between takes the first back.
 *
 * `once` and `twice` are the keys of what it says. With `values` it has names for screen readers
 * too, the texts `…Named` with these values.
 */
export function actWhenSure(made, { once, twice, values = null }, act) {
  const say = (key) => {
    show(made, key);
    if (values !== null) label(made, `${key}Named`, values);
  };
  made.addEventListener("click", () => {
    if (made.dataset.text === twice) {
      act(made);
      return;
    }
    say(twice);
    made.focus(); // Safari gives buttons no focus when they are pressed, and would not take it away
  });
  made.addEventListener("blur", () => say(once));
  say(once);
  return made;
}
