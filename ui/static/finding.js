// Words looked for in the article: all of them marked, one after the other in sight. Case and accents do not count.

import { byId, calm, phone, refocus } from "./dom.js";

const MOST = 500; // places that are marked
let found = []; // their ranges, in order
let now = -1; // the one in sight
let opener = null; // what had the focus before

const bar = () => document.querySelector("#reader .finding");
const field = () => document.querySelector("#reader .finding input");
const text = () => document.querySelector("#reader .article-text");
export const places = () => found;

/** A text without case and accents, and for each of its units where it stood before. */
function flatten(whole) {
  let flat = "";
  const at = [];
  for (let index = 0; index < whole.length; index += 1) {
    const plain = whole[index].normalize("NFD").replace(/\p{M}/gu, "").replace(/[’ʼ]/g, "'").replace(/\s/g, " ").toLowerCase();
    for (const unit of plain) at.push(index);
    flat += plain;
  }
  at.push(whole.length);
  return { flat, at };
}

function ranges(root, wanted) {
  const nodes = [];
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  let length = 0;
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    nodes.push([length, node]);
    length += node.data.length;
  }
  const { flat, at } = flatten(root.textContent);
  const made = [];
  let first = 0;
  for (let from = flat.indexOf(wanted); from >= 0 && made.length < MOST; from = flat.indexOf(wanted, from + wanted.length)) {
    const [start, end] = [at[from], at[from + wanted.length]];
    while (first + 1 < nodes.length && nodes[first + 1][0] <= start) first += 1;
    let last = first;
    while (last + 1 < nodes.length && nodes[last + 1][0] < end) last += 1;
    const range = document.createRange();
    range.setStart(nodes[first][1], start - nodes[first][0]);
    range.setEnd(nodes[last][1], Math.min(end - nodes[last][0], nodes[last][1].data.length));
    made.push(range);
  }
  return made;
}

function mark() {
  if (CSS.highlights) { // an older browser still scrolls there
    CSS.highlights.set("found", new Highlight(...found));
    CSS.highlights.set("found-now", new Highlight(...found.slice(now, now + 1)));
  }
  bar()?.setAttribute("data-now", found[now] ? found[now].toString() : "");
}

function tell() {
  const wanted = field().value.trim();
  const { none, some } = bar().dataset;
  const said = found.length ? some.replace("{n}", now + 1).replace("{count}", found.length) : none;
  bar().querySelector(".count").textContent = wanted ? said : "";
}

function see() {
  if (!found[now]) return;
  const box = byId("article");
  const place = found[now].getBoundingClientRect();
  const frame = box.getBoundingClientRect();
  if (place.top > frame.top + 80 && place.bottom < frame.bottom - 40) return;
  box.scrollBy({ top: place.top - frame.top - box.clientHeight / 2, behavior: calm.matches ? "auto" : "smooth" });
}

/** Look again, since the text was drawn or painted anew; what is in sight stays. */
export function findAgain() {
  const wanted = bar() && !bar().hidden ? flatten(field().value.trim()).flat : "";
  found = wanted && text() ? ranges(text(), wanted) : [];
  now = Math.min(Math.max(now, 0), found.length - 1);
  mark();
}

/** Look for what was typed; the first place comes into sight. */
export function look() {
  now = 0;
  findAgain();
  tell();
  see();
  document.dispatchEvent(new Event("found")); // the ticks beside the scroll bar
}

export function step(by) {
  if (!found.length) return;
  now = (now + by + found.length) % found.length;
  mark();
  tell();
  see();
}

/** Open the field; ``reveal`` brings the article into sight on a phone. */
export function openFinding(reveal) {
  if (!bar()) return;
  if (bar().hidden) opener = document.activeElement;
  if (phone.matches) reveal();
  bar().hidden = false;
  field().focus();
  field().select();
}

/** Close the field; return whether it was open. */
export function closeFinding() {
  if (!bar() || bar().hidden) return false;
  bar().hidden = true;
  findAgain();
  document.dispatchEvent(new Event("found"));
  refocus(opener);
  return true;
}

document.addEventListener("input", (event) => { if (event.target === field()) look(); });
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.target !== field()) return;
  event.preventDefault();
  step(event.shiftKey ? -1 : 1);
});
