// Saving what the service made as a file, without leaving the page.

import { element } from "./elements.js";

export function saveFile({ file, name }) {
  const address = URL.createObjectURL(file);
  element("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address));
}
