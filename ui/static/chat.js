// The page's own script: it keeps up with what the server sends. No library, no network.

import { expect, follow, forget, linked, repaint, watchReader } from "./article.js";
import { connect } from "./bridge.js";
import "./clicks.js";
import { announce, byId, questionBox } from "./dom.js";
import { dress, showChoices } from "./display.js";
import { enterPanel, showFetching } from "./drawer.js";
import { sayKept, settle } from "./fields.js";
import { keptBack } from "./files.js";
import "./leaving.js";
import "./paper.js";
import { offerAgain } from "./picking.js";
import { arrived, recall } from "./sending.js";
import { keepTip } from "./tip.js";

let saved = "";
/** Save what the server put into the outbox, as the browser saves any file. */
function save() {
  const file = document.querySelector("#outbox [data-save]");
  if (!file || file.dataset.nonce === saved) return;
  saved = file.dataset.nonce;
  const packed = Boolean(file.dataset.packed);
  const content = packed ? Uint8Array.from(atob(file.textContent.trim()), (sign) => sign.charCodeAt(0)) : file.textContent;
  const type = packed ? "application/octet-stream" : "text/plain;charset=utf-8";
  const address = URL.createObjectURL(new Blob([content], { type }));
  Object.assign(document.createElement("a"), { href: address, download: file.dataset.save }).click();
  URL.revokeObjectURL(address);
}

let turn = "";
let atEnd = true; // whether the reader is where the last answer is shown, or below
let opened = ""; // the conversation that was opened at its last exchange

function keepPlace() {
  const box = byId("turns");
  atEnd = box.scrollTop > lastPlace() - 120;
}

/** Return whether the last answer and what may be asked next are in sight together. */
function furtherFits() {
  const last = [...document.querySelectorAll("#past .turn")].pop();
  return !last || last.offsetHeight + byId("further").offsetHeight < byId("turns").clientHeight;
}

/**
 * How far the conversation is scrolled where the last answer is shown: to its end, without what may be asked next where
 * that leaves no room; of a longer one its question is at the top, since what answers comes first.
 */
function lastPlace() {
  const box = byId("turns");
  const live = document.querySelector("#live .turn");
  const last = live || [...document.querySelectorAll("#past .turn")].pop();
  const below = live || furtherFits() ? 0 : byId("further").offsetHeight;
  const end = box.scrollHeight - box.clientHeight - below;
  return last ? Math.min(end, box.scrollTop + last.getBoundingClientRect().top - box.getBoundingClientRect().top) : end;
}

/** Go to the last answer; who has read on below its beginning stays there. */
function toEnd() {
  const box = byId("turns");
  box.scrollTop = Math.max(box.scrollTop, lastPlace());
}

/** What stands below the conversation leaves the room of its scroll bar, too; where that grows, the end stays in sight. */
const besideBar = new ResizeObserver(() => {
  const box = byId("turns");
  byId("chat").style.setProperty("--gutter", `${box.offsetWidth - box.clientWidth}px`);
  if (atEnd && box.querySelector(".turn")) toEnd();
});

/** A conversation that is taken up again opens at its last exchange. */
function openAtLast() {
  const bar = document.querySelector("#header .bar");
  const turns = document.querySelectorAll("#past .turn");
  const now = bar ? bar.dataset.conversation : "";
  if (now === opened || (now && !turns.length && !document.querySelector("#live .turn"))) return;
  if (opened) { // and nothing that another one cited stays marked
    forget();
    repaint();
  }
  opened = now;
  if (!now || document.querySelector("#live .turn")) return;
  const box = byId("turns");
  box.scrollTop += turns[turns.length - 1].getBoundingClientRect().top - box.getBoundingClientRect().top;
}

function followTurn() {
  const box = byId("turns");
  requestAnimationFrame(openAtLast); // the bar and the turns come together, in no certain order
  const section = document.querySelector("#live .turn");
  if (section) arrived();
  if (section && section.id !== turn) {
    turn = section.id;
    forget();
    toEnd();
    atEnd = true;
  } else if (section && atEnd) {
    toEnd();
  } else if (!section && turn) {
    turn = "";
    const turns = document.querySelectorAll("#past .turn");
    const last = turns[turns.length - 1];
    const answer = last && last.querySelector(".answer, .refused");
    if (answer) announce(answer.textContent);
    if (last) follow(last);
    if (last && atEnd) toEnd();
  }
  keepTip();
  repaint();
}

/** What may be asked next comes later than the answer, or before it is drawn. */
function showFurther() {
  if (atEnd && document.querySelector("#past .turn") && furtherFits()) toEnd();
}

/** Keep the conversation in the page's address, so that a reload finds it. */
function remember() {
  const bar = document.querySelector("#header .bar");
  if (!bar || document.querySelector("#reader [aria-busy]")) return; // still opening: the address says what to open
  requestAnimationFrame(openAtLast);
  const paper = document.querySelector("#reader .paper");
  if (!bar.dataset.conversation && linked() && (!paper || paper.dataset.article === linked().article)) return;
  history.replaceState(null, "", `${location.pathname}#${bar.dataset.conversation}`);
}

/** Say what is in the way where the browser keeps no cookie: no part of the page would come. */
async function tellRefusal() {
  const answer = await fetch("page/reader", { cache: "no-store" }).catch(() => null);
  if (answer?.status !== 403) return;
  const line = Object.assign(document.createElement("p"), { className: "problem", textContent: await answer.text() });
  line.setAttribute("role", "alert");
  byId("shell").after(line);
}

tellRefusal();

/** Watch the page's parts, as soon as Gradio has built them all. */
function begin() {
  const parts = ["header", "side", "past", "card", "live", "further", "reader", "panel", "fetching", "outbox"];
  if (!parts.every(byId) || !questionBox()) {
    setTimeout(begin, 20);
    return;
  }
  const watch = (id, then) => new MutationObserver(then).observe(byId(id), { childList: true, subtree: true, attributes: true });
  watch("header", () => { remember(); offerAgain(); });
  watch("card", repaint);
  watch("further", showFurther);
  watch("panel", () => { enterPanel(); showFetching(); showChoices(); settle(byId("panel")); });
  watch("side", () => settle(byId("side")));
  watch("fetching", showFetching);
  watch("outbox", () => { save(); sayKept(); });
  const turnsWatch = new MutationObserver(followTurn);
  for (const id of ["past", "live"]) turnsWatch.observe(byId(id), { childList: true, subtree: true });
  watchReader();
  besideBar.observe(byId("turns"));
  byId("turns").addEventListener("scroll", keepPlace, { passive: true });
  recall();
}

window.askTheArticle = {
  /** Called by the bridge component once it stands. */
  connect,
  /** Called with the files that came: the names of those chosen with them that were too large. */
  keptBack,
  /** Called when the page loads: which conversation and which language this browser wants. */
  greet() {
    if (linked()) expect(linked());
    begin();
    dress();
    const language = localStorage.getItem("language");
    if (language) document.documentElement.lang = language;
    return [location.hash.slice(1), localStorage.getItem("language") || ""];
  },
  /** Called when what an act of the bridge asked is answered, or not. */
  arrived() {
    arrived();
    return [];
  },
  /** Called when all that belongs to the page's opening is drawn, an answer that was under way included. */
  settled() {
    document.body.classList.add("settled");
    return [];
  },
};
