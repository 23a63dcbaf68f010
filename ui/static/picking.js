// Words that the reader selects in the article: ask about them, copy them with where they stand, note them.

import { closeArticle } from "./article.js";
import { act } from "./bridge.js";
import { announce, byId, phone, questionBox, write } from "./dom.js";
import { openPanel } from "./drawer.js";
import { selectionIn } from "./selection.js";

const MOST_ASKED = 240; // characters of the selection that go into a question
const bar = () => document.querySelector("#header .picking");
let picked = null; // {article, start, end, text}: what is selected

const points = (text) => [...text].length;

/** Offsets in the article's text, in code points, of what is selected in it; null where it is not in there. */
function selected() {
  const root = document.querySelector("#reader .article-text");
  const stretch = selectionIn(root);
  const text = stretch ? root.textContent.slice(stretch.start, stretch.end) : "";
  if (!text.trim()) return null;
  const start = points(root.textContent.slice(0, stretch.start)) + points(text) - points(text.trimStart());
  const end = start + points(text.trim());
  const box = getSelection().getRangeAt(0).getBoundingClientRect();
  return { article: root.closest(".paper").dataset.article, start, end, text: text.trim(), box };
}

/** Show what can be done with the selection, below it or above, where there is room. */
function offer() {
  const place = bar();
  if (!place) return;
  picked = selected();
  place.hidden = !picked;
  if (!picked) return;
  const { box } = picked;
  const size = place.getBoundingClientRect();
  const below = box.bottom + 10;
  place.style.left = `${Math.min(Math.max(8, box.left + box.width / 2 - size.width / 2), innerWidth - size.width - 8)}px`;
  place.style.top = `${Math.max(8, below + size.height < innerHeight ? below : box.top - size.height - 10)}px`;
}

/** Offer it where the bar was drawn again, which hides it. */
export function offerAgain() {
  if (bar()?.hidden && selected()) offer();
}

let wait = 0;
document.addEventListener("selectionchange", () => {
  clearTimeout(wait);
  wait = setTimeout(offer, 120);
});
document.addEventListener("scroll", () => { if (picked) offer(); }, { passive: true, capture: true });
document.addEventListener("pointerdown", (event) => {
  if (event.target.closest?.(".picking")) event.preventDefault(); // the selection stays while its bar is pressed
});

function done() {
  getSelection().removeAllRanges();
  picked = null;
  const place = bar();
  if (place) place.hidden = true;
}

const oneLine = (text) => text.replace(/\s+/g, " ");

/** Begin a question about the selected words, which the article is asked that they stand in. */
export function about() {
  if (!picked) return;
  const text = oneLine(picked.text);
  const { article } = picked;
  const quote = text.length > MOST_ASKED ? `${text.slice(0, MOST_ASKED).replace(/\s\S*$/, "")}…` : text;
  const begun = bar().dataset.about.replace("{quote}", () => quote);
  done();
  if (phone.matches) closeArticle();
  const asked = byId("asked-choice"); // where there is but one, that is asked
  if (asked && asked.value !== article) act({ act: "scope", scope: article });
  write(begun);
  const box = questionBox();
  box.focus();
  box.setSelectionRange(begun.length, begun.length);
}

/** Copy the selected words, quoted, with the article they stand in. */
export async function reference() {
  if (!picked) return;
  const { quoted, copied, failed } = bar().dataset;
  const subject = document.querySelector("#header .subject");
  const from = [subject.textContent, subject.dataset.facts].filter(Boolean).join(", ");
  const text = `${quoted.replace("{quote}", () => oneLine(picked.text))}\n${from}\n`;
  done();
  try {
    await navigator.clipboard.writeText(text);
    announce(copied);
  } catch {
    announce(failed);
  }
}

/** Keep the selected words as a note, and go to its remark. */
export function pick() {
  if (!picked) return;
  const { article, start, end } = picked;
  done();
  openPanel("notes", `.remark[data-start="${start}"]`, { act: "note", article, start: String(start), end: String(end) });
}
