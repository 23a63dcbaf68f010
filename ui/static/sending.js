// What happens to a question on its way: it leaves the box, and comes back where the program no longer answers.

import { byId, questionBox, write } from "./dom.js";

const DRAFT = "question"; // in the browser's own storage, as long as the tab is open
const EVERY = 3000; // milliseconds between two looks at whether the program still answers
let asked = "";
let waiting = false; // whether an answer was under way when the question was sent
let looking = 0;

const busy = () => document.querySelector("#live [aria-busy=true]");
const words = () => document.querySelector("#header .bar").dataset;

/** Say something above the box of the question; an empty text takes it away. */
function say(text) {
  let line = byId("mishap");
  if (!line) {
    line = Object.assign(document.createElement("p"), { id: "mishap", className: "problem" });
    line.setAttribute("role", "alert");
    byId("chat").appendChild(line);
  }
  if (line.textContent !== text) line.textContent = text;
}

/** Whether the program answers at all; any answer will do. */
async function answers() {
  try {
    await fetch("gradio_api/app_id", { cache: "no-store" });
    return true;
  } catch {
    return false;
  }
}

async function look() {
  if (await answers()) {
    // A program that was started again knows nothing of this page, which the new one finds by its address.
    if (document.body.classList.contains("lost")) location.reload();
    else if (busy()) later();
    return;
  }
  document.body.classList.add("lost");
  say(words().lost);
  sessionStorage.setItem(DRAFT, questionBox().value || asked);
  if (!questionBox().value) write(asked);
  later();
}

function later() {
  clearTimeout(looking);
  looking = setTimeout(look, EVERY);
}

/** Note what is sent at the moment of the key or the click: what Gradio makes of it comes later, words typed since too. */
function note() {
  waiting = Boolean(busy());
  if (!waiting) asked = questionBox().value;
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.target === questionBox()) note();
}, true);
document.addEventListener("click", (event) => {
  if (event.target.closest?.("#send")) note();
}, true);

/** Return what stays in the box when a question is sent: what was typed since; all of it while an answer is under way. */
export function sent(text) {
  if (waiting) return text;
  clearTimeout(looking);
  if (asked.trim()) looking = setTimeout(look, 0);
  return text.startsWith(asked) ? text.slice(asked.length) : text;
}

/** Put back what was asked before the page was loaded again, where it was not answered. */
export function recall() {
  const draft = sessionStorage.getItem(DRAFT);
  if (draft && !questionBox().value) write(draft);
  sessionStorage.removeItem(DRAFT);
}

document.addEventListener("input", (event) => {
  const box = event.target;
  if (box !== questionBox() || document.body.classList.contains("lost")) return;
  const full = box.maxLength > 0 && box.value.length >= box.maxLength;
  if (full || byId("mishap")?.textContent) say(full ? words().cut.replace("{count}", box.maxLength) : "");
});
