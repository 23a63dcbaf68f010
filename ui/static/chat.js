// The page's own script: it keeps up with what the server sends. No library, no network.

import { lookAt, repaint, watchReader } from "./article.js";
import { connect } from "./bridge.js";
import "./clicks.js";
import { announce, byId } from "./dom.js";
import { enterPanel, showFetching } from "./drawer.js";

let saved = "";
/** Save what the server put into the outbox, as the browser saves any file. */
function save() {
  const file = document.querySelector("#outbox [data-save]");
  if (!file || file.dataset.nonce === saved) return;
  saved = file.dataset.nonce;
  const address = URL.createObjectURL(new Blob([file.textContent], { type: "text/plain;charset=utf-8" }));
  Object.assign(document.createElement("a"), { href: address, download: file.dataset.save }).click();
  URL.revokeObjectURL(address);
}

let turn = "";
function followTurn() {
  const box = byId("turns");
  const section = document.querySelector("#live .turn");
  if (section && section.id !== turn) {
    turn = section.id;
    lookAt("");
    box.scrollTop = box.scrollHeight;
  } else if (section && box.scrollHeight - box.scrollTop - box.clientHeight < 120) {
    box.scrollTop = box.scrollHeight;
  } else if (!section && turn) {
    turn = "";
    const turns = document.querySelectorAll("#past .turn");
    const last = turns[turns.length - 1];
    const answer = last && last.querySelector(".answer, .refused");
    if (answer) announce(answer.textContent);
    if (last && box.scrollHeight - box.scrollTop - box.clientHeight < 240) box.scrollTop = box.scrollHeight;
  }
  repaint();
}

/** Keep the conversation in the page's address, so that a reload finds it. */
function remember() {
  const bar = document.querySelector("#header .bar");
  if (!bar || document.querySelector("#reader [aria-busy]")) return; // still opening: the address says what to open
  history.replaceState(null, "", `${location.pathname}#${bar.dataset.conversation}`);
}

/** Watch the page's parts, as soon as Gradio has built them all. */
function begin() {
  if (!["header", "past", "live", "reader", "panel", "fetching", "outbox"].every(byId)) {
    setTimeout(begin, 20);
    return;
  }
  const watch = (id, then) => new MutationObserver(then).observe(byId(id), { childList: true, subtree: true, attributes: true });
  watch("header", remember);
  watch("panel", () => { enterPanel(); showFetching(); });
  watch("fetching", showFetching);
  watch("outbox", save);
  const turnsWatch = new MutationObserver(followTurn);
  for (const id of ["past", "live"]) turnsWatch.observe(byId(id), { childList: true, subtree: true });
  watchReader();
}

window.askTheArticle = {
  /** Called by the bridge component once it stands. */
  connect,
  /** Called when the page loads: which conversation and which language this browser wants. */
  greet() {
    begin();
    const language = localStorage.getItem("language");
    if (language) document.documentElement.lang = language;
    return [location.hash.slice(1), localStorage.getItem("language") || ""];
  },
};
