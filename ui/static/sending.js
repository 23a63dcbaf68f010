// What happens to a question on its way: it leaves the box, and comes back where the program no longer answers.

import { act } from "./bridge.js";
import { byId, questionBox, write } from "./dom.js";

const DRAFT = "question"; // in the browser's own storage, as long as the tab is open
const EVERY = 3000; // milliseconds between two looks at whether the program still answers
let asked = "";
let looking = 0;
let onItsWay = false; // whether nothing has come yet of the question that was sent

/** Whether an answer is under way: one that stands among the finished ones is not, though it be drawn here still. */
function busy() {
  const turn = document.querySelector("#live [aria-busy=true]");
  return onItsWay || (turn && !document.querySelector(`#past #${turn.id}`));
}

/** Something came of the question that was sent, or nothing will. */
export function arrived() {
  onItsWay = false;
}
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

/** Send what stands in the box, which is empty at once; while an answer is under way it stays there. */
function send() {
  const text = questionBox().value;
  if (busy() || !text.trim() || !act({ act: "ask", question: text })) return;
  onItsWay = true;
  asked = text;
  write("");
  clearTimeout(looking);
  looking = setTimeout(look, 0);
}

// Gradio would empty the box only after the answer, with what was typed meanwhile: so it does not come to that.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.target !== questionBox()) return;
  event.preventDefault();
  event.stopPropagation();
  send();
}, true);
document.addEventListener("click", (event) => {
  if (!event.target.closest?.("#send")) return;
  event.stopPropagation();
  send();
}, true);

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
  if (full || byId("mishap")?.textContent) say(full ? words().cut.replace("{count}", box.maxLength.toLocaleString(document.documentElement.lang)) : "");
});
