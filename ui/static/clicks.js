// What a click and a key mean. A button's act is done here, or by the server, or by both.

import { closeArticle, goTo, linkHere, lookAt, openArticle } from "./article.js";
import { act } from "./bridge.js";
import { announce, byId, questionBox, write } from "./dom.js";
import { dismiss, display } from "./display.js";
import { adding, closePanel, openPanel } from "./drawer.js";
import { closeFinding, openFinding, step } from "./finding.js";
import "./keys.js";
import { about, pick, reference } from "./picking.js";
import { hideTip } from "./tip.js";

async function copyText(button, text) {
  const label = button.textContent;
  const done = button.dataset.done;
  try {
    await navigator.clipboard.writeText(text);
    button.textContent = done;
    announce(done);
  } catch {
    button.textContent = button.dataset.failed;
    announce(button.dataset.failed);
  }
  setTimeout(() => { if (button.isConnected) button.textContent = label; }, 2000);
}

/** Put the question of a turn back into the box; what is sent next replaces that turn. */
function edit(button) {
  write(button.closest(".turn").querySelector(".question").textContent);
  questionBox().focus();
}

const copy = (button) => copyText(button, button.dataset.copy);
const link = (button) => copyText(button, linkHere());
const find = () => openFinding(openArticle);
const later_found = () => step(1);
const earlier_found = () => step(-1);

/** Show the card of the article below the conversation, or hide it again. */
function brief() {
  if (document.body.classList.contains("reading")) closeArticle();
  const shown = document.body.classList.toggle("brief");
  if (shown || !document.querySelector(".turn")) byId("card").scrollIntoView({ block: "start" });
}

/** Go to the note that a citation is pinned as. */
function pinned({ dataset: { article, start } }) {
  openPanel("notes", `.remark[data-start="${start}"]`, { act: "notes", article });
}

/** The acts that the server need not know of. */
const HERE = { copy, link, find, unfind: closeFinding, later_found, earlier_found, close: closePanel, back: closeArticle, read: openArticle, display, dismiss, adding, about, reference, pick, pinned, brief };

function perform(button) {
  const data = { ...button.dataset };
  if (Object.hasOwn(HERE, data.act)) return HERE[data.act](button);
  if (data.confirm && !window.confirm(data.confirm)) return undefined;
  if (data.act === "rename") {
    const title = window.prompt(data.label, data.title);
    if (!title) return undefined;
    data.title = title;
  }
  if (data.act === "rate" && data.rating === "down" && button.getAttribute("aria-pressed") !== "true") {
    const reason = window.prompt(data.label, "");
    if (reason === null) return undefined;
    data.reason = reason;
  }
  if (data.act === "language") {
    localStorage.setItem("language", data.language);
    document.documentElement.lang = data.language;
  }
  if (data.closes) closePanel();
  act(data);
  if (data.act === "ask" || data.act === "new") questionBox().focus({ preventScroll: true });
  if (data.act === "edit") edit(button);
  if (data.act === "pin") announce(data.done);
  if (data.act === "keep") {
    write("");
    questionBox().focus();
  }
  return undefined;
}

document.addEventListener("click", (event) => {
  if (document.body.dataset.panel && event.target.isConnected && !event.target.closest("#drawer")) {
    closePanel();
    return;
  }
  const button = event.target.closest("button, a");
  if (!button) return;
  if (button.matches(".cite, .passage, .source, .spot")) {
    const { article, start, end, n } = button.dataset;
    hideTip();
    if (button.closest("#drawer")) closePanel();
    lookAt(button.closest(".turn")?.id || "");
    goTo({ article, start: Number(start), end: Number(end), n, label: button.getAttribute("aria-label") || button.textContent });
  } else if (button.matches(".skip")) {
    event.preventDefault();
    questionBox().focus();
  } else if (button.dataset.panel) {
    openPanel(button.dataset.panel);
  } else if (button.dataset.act) {
    perform(button);
  }
});

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
  if (event.key === "/" && !typing && !document.body.dataset.panel && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    find();
    return;
  }
  if (event.key !== "Escape") return;
  hideTip();
  if (document.body.dataset.panel) closePanel();
  else if (closeFinding()) return;
  else if (document.body.classList.contains("reading")) closeArticle();
  else if (document.querySelector("#live [aria-busy=true]")) byId("stop").click();
});

// What explains an answer opens below it, out of sight where the answer ends the page.
document.addEventListener("toggle", ({ target }) => {
  if (target.matches(".why[open]")) target.scrollIntoView({ block: "nearest" });
}, true);

document.addEventListener("change", (event) => {
  const name = event.target.dataset?.change;
  if (name) act({ ...event.target.dataset, act: name, [name]: event.target.value });
});
