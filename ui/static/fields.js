// Fields in what the server draws. It draws over them in place, so what a reader typed must not be lost or change places.

import { act } from "./bridge.js";
import { announce } from "./dom.js";

const typed = new WeakMap(); // search field → what stands in it, which an answer to fewer letters must not undo
let wait = 0;

document.addEventListener("input", (event) => {
  const field = event.target;
  if (!field.matches("[data-search]")) return;
  typed.set(field, field.value);
  clearTimeout(wait);
  wait = setTimeout(() => {
    const here = field.closest("#side") || document.body.dataset.panel === field.dataset.search;
    if (here) act({ act: field.dataset.search, query: field.value }); // Esc empties it, too, and leaves the panel
  }, 200);
});

/** Put right what the fields of a part show, after it was drawn: a search as it is typed, a remark as it is kept. */
export function settle(part) {
  const focused = document.activeElement;
  for (const field of part.querySelectorAll("[data-search]")) {
    if (field === focused && typed.has(field) && field.value !== typed.get(field)) field.value = typed.get(field);
    if (field !== focused) typed.delete(field);
  }
  for (const field of part.querySelectorAll("textarea[data-change]")) {
    if (field !== focused && field.value !== field.defaultValue) field.value = field.defaultValue;
  }
}

let told = "";
/** Say that a remark is kept, once the server says so. */
export function sayKept() {
  const word = document.querySelector("#outbox [data-kept]");
  if (!word || word.dataset.nonce === told) return;
  told = word.dataset.nonce;
  announce(word.textContent);
  const notice = document.querySelector('#panel [data-name="notes"] .panel-notice');
  if (notice) notice.textContent = word.textContent;
  const field = document.querySelector(`#panel .remark[data-note="${CSS.escape(word.dataset.kept)}"]`);
  if (field) field.defaultValue = field.value;
}
