// The article: citation marks lead to exact words. Offsets from the server count code points of the article's text; the
// DOM counts UTF-16 units.

import { act } from "./bridge.js";
import { announce, byId, calm, phone, refocus } from "./dom.js";
import { findAgain, places } from "./finding.js";
import { reselect, selectionIn } from "./selection.js";
import { drawTicks } from "./ticks.js";

let pending = null; // a place in an article that is still on its way
let active = null; // the place that is highlighted: {article, start, end, n}
let looked = ""; // the turn whose citations are painted; empty: the last one
let opener = null; // what had the focus before the article slid over

// ── From offsets to characters ───────────────────────────────────────────────────────────────────────────────────

const astral = /[\ud800-\udbff][\udc00-\udfff]/;
const points = (text) => (astral.test(text) ? [...text].length : text.length);
const units = (text, count) => (astral.test(text) ? [...text].slice(0, count).join("").length : count);

/** The text nodes of the stretch [start, end[, each with the part of it that lies inside. */
function stretches(root, start, end) {
  const found = [];
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  let at = 0;
  for (let node = walker.nextNode(); node && at < end; node = walker.nextNode()) {
    const length = points(node.data);
    const from = Math.max(start - at, 0);
    const to = Math.min(end - at, length);
    if (from < to) found.push({ node, from: units(node.data, from), to: units(node.data, to) });
    at += length;
  }
  return found;
}

function wrap(root, start, end, kind, n) {
  const marks = [];
  for (const { node, from, to } of stretches(root, start, end)) {
    const range = document.createRange();
    range.setStart(node, from);
    range.setEnd(node, to);
    const mark = document.createElement(kind === "active" ? "mark" : "span");
    mark.className = kind;
    range.surroundContents(mark);
    marks.push(mark);
  }
  const visible = marks.filter((mark) => mark.textContent.trim());
  if (n && visible.length) visible[visible.length - 1].dataset.n = n;
  return visible;
}

function unwrap(root) {
  for (const mark of root.querySelectorAll("mark.active, span.used")) mark.replaceWith(...mark.childNodes);
  root.normalize();
}

// ── What is painted ──────────────────────────────────────────────────────────────────────────────────────────────

/**
 * Paint what the answer the reader looks at cites (the last one, until an older one's mark is clicked), and the place
 * the reader asked for.
 */
function paint() {
  const paper = document.querySelector("#reader .paper");
  const root = paper && paper.querySelector(".article-text");
  if (!root) return [];
  unwrap(root);
  const turns = document.querySelectorAll("#past .turn, #live .turn");
  const last = byId(looked) || (turns.length ? turns[turns.length - 1] : document.querySelector("#card .card"));
  const seen = new Set();
  for (const cite of last ? last.querySelectorAll(".cite") : []) {
    const { article, start, end, n } = cite.dataset;
    if (article !== paper.dataset.article || seen.has(n)) continue;
    seen.add(n);
    wrap(root, Number(start), Number(end), "used", n);
  }
  if (!active || active.article !== paper.dataset.article) return [];
  return wrap(root, active.start, active.end, "active", "");
}

export function repaint() {
  readerWatch.disconnect();
  const root = document.querySelector("#reader .article-text");
  const selected = selectionIn(root);
  try {
    return paint();
  } finally {
    reselect(root, selected);
    findAgain();
    showTicks();
    watchReader();
  }
}

function showTicks() {
  const used = document.querySelectorAll("#reader .used[data-n]");
  const first = document.querySelector("#reader mark.active");
  const kinds = [["used", used], ["active", first ? [first] : []], ["found", places()]];
  drawTicks(kinds.flatMap(([kind, found]) => [...found].map((place) => [kind, place])));
}
document.addEventListener("found", showTicks);

/** Paint what a turn cites; empty: the last one. */
export function lookAt(turn) {
  looked = turn;
}

/** Highlight a place, opening its article first if another one is shown; on a phone it slides over, if it is wanted. */
export function goTo(place) {
  active = place;
  const paper = document.querySelector("#reader .paper");
  if (phone.matches && !place.aside) openArticle();
  if (!paper || paper.dataset.article !== place.article) {
    pending = place;
    act({ act: "show", article: place.article });
    return;
  }
  pending = null;
  const marks = repaint();
  if (!marks.length) return;
  marks[0].scrollIntoView({ block: "center", behavior: calm.matches ? "auto" : "smooth" });
  if (place.label) announce(place.label);
}

/** Highlight a place as soon as its article is shown. */
export function expect(place) {
  active = place;
  pending = place;
}

/** The address of the article that is shown, and of the place in it that is highlighted. */
export function linkHere() {
  const { article } = document.querySelector("#reader .paper").dataset;
  const place = active && active.article === article ? `:${active.start}-${active.end}` : "";
  return `${location.origin}${location.pathname}#article=${article}${place}`;
}

/** The place that an address leads to; null where it leads to none. */
export function linked() {
  const [, article, start, end] = /^#article=([0-9a-f]{16})(?::(\d+)-(\d+))?$/.exec(location.hash) || [];
  return article ? { article, start: Number(start || 0), end: Number(end || 0), label: "" } : null;
}
window.addEventListener("hashchange", () => { if (linked()) goTo(linked()); });

/** Nothing of an earlier answer stays marked when another question is asked. */
export function forget() {
  document.body.classList.remove("brief");
  looked = "";
  active = null;
  pending = null;
}

/** Show beside an answer the first place it cites; on a phone the article waits there until it is opened. */
export function follow(turn) {
  const cite = turn.querySelector(".cite");
  if (!cite) return;
  const { article, start, end, n } = cite.dataset;
  looked = turn.id;
  goTo({ article, start: Number(start), end: Number(end), n, label: "", aside: true });
}

const readerWatch = new MutationObserver(() => {
  const paper = document.querySelector("#reader .paper");
  if (pending && paper && paper.dataset.article === pending.article) goTo(pending);
  else repaint();
});
export const watchReader = () => readerWatch.observe(byId("reader"), { childList: true, subtree: true, characterData: true });

// ── The article slides over on a phone ───────────────────────────────────────────────────────────────────────────

export function openArticle() {
  if (!document.body.classList.contains("reading")) opener = document.activeElement;
  document.body.classList.add("reading");
  byId("chat").inert = true;
  const back = document.querySelector("#reader .back");
  if (back) back.focus({ preventScroll: true });
}

export function closeArticle() {
  document.body.classList.remove("reading");
  byId("chat").inert = false;
  refocus(opener);
}
