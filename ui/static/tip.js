// Where a citation comes from, on hover and on focus of its mark: article, section, the sentence in its surroundings.

import { byId } from "./dom.js";

let owner = null; // the mark whose tip is shown

function line(name, text) {
  const element = document.createElement(name === "quote" ? "b" : "span");
  element.className = name;
  element.textContent = text;
  return element;
}

function fill(tip, cite) {
  const around = cite.closest(".turn, .card")?.querySelector(`.around [data-n="${cite.dataset.n}"]`);
  const { title = "", section = "", before = "", after = "" } = around ? around.dataset : {};
  const head = [title, section].filter(Boolean).join(" · ");
  const lines = [["place", head], ["before", before], ["quote", cite.dataset.quote], ["after", after]];
  tip.replaceChildren(...lines.filter(([, text]) => text).map(([name, text]) => line(name, text)));
}

const HEADLINES = "#header .bar, .turn .question, .card h2, .short > p:not([class])"; // what names all that stands below
const GAP = 8; // pixels, to the mark and to the window's edges
const within = (value, least, most) => Math.max(least, Math.min(value, most));
const shared = (from, to, start, end) => Math.max(0, Math.min(to, end) - Math.max(from, start));

/** How much of the headlines a tip would cover, in square pixels. */
function covered(left, top, { width, height }) {
  const boxes = [...document.querySelectorAll(HEADLINES)].map((headline) => headline.getBoundingClientRect());
  return boxes.reduce(
    (sum, box) => sum + shared(left, left + width, box.left, box.right) * shared(top, top + height, box.top, box.bottom), 0);
}

/** Where a tip stands: in the mark's column, above the mark or below it, and over no headline that can be spared. */
function position(cite, size) {
  const box = cite.getBoundingClientRect();
  const column = cite.closest("#turns").getBoundingClientRect();
  const middle = box.left + box.width / 2 - size.width / 2;
  const left = within(within(middle, column.left + GAP, column.right - size.width - GAP), GAP, innerWidth - size.width - GAP);
  const both = [box.top - size.height - GAP, box.bottom + GAP];
  const inside = both.filter((top) => top >= GAP && top + size.height <= innerHeight - GAP);
  const places = (inside.length ? inside : [both[1]]).map((top) => ({ left, top, over: covered(left, top, size) }));
  return places.reduce((best, place) => (place.over < best.over ? place : best));
}

function show(cite) {
  owner = cite;
  const tip = byId("tip") || document.body.appendChild(Object.assign(document.createElement("div"), { id: "tip" }));
  tip.setAttribute("aria-hidden", "true"); // the mark's own label says the same
  fill(tip, cite);
  tip.className = "shown";
  const { left, top } = position(cite, tip.getBoundingClientRect());
  Object.assign(tip.style, { left: `${left}px`, top: `${top}px` });
}

export function hideTip() {
  owner = null;
  const tip = byId("tip");
  if (tip) tip.className = "";
}

function inSight(cite) {
  if (!cite.checkVisibility()) return false;
  const box = cite.getBoundingClientRect();
  const column = cite.closest("#turns").getBoundingClientRect();
  return shared(box.top, box.bottom, column.top, column.bottom) > 0;
}

/** A tip moves with its mark, and goes when that is out of sight. */
export function keepTip() {
  if (owner) (inSight(owner) ? show : hideTip)(owner);
}
document.addEventListener("scroll", keepTip, { capture: true, passive: true });

for (const [name, change] of [["mouseover", show], ["focusin", show], ["mouseout", hideTip], ["focusout", hideTip]]) {
  document.addEventListener(name, (event) => {
    const cite = event.target.closest && event.target.closest(".cite");
    if (cite) change(cite);
  });
}
