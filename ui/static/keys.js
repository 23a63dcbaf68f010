// The keyboard: what is shown in the panel of display and help.

import { byId, questionBox, write } from "./dom.js";
import { openPanel } from "./drawer.js";

const isField = (element) => element.matches?.("input, textarea, select, [contenteditable]");

/** Put the last question of the conversation into the box, where that is empty. */
function recall(event) {
  const box = questionBox();
  if (event.target !== box || box.value) return;
  const asked = document.querySelectorAll(".turn .question");
  if (!asked.length) return;
  event.preventDefault();
  write(asked[asked.length - 1].textContent);
  box.setSelectionRange(box.value.length, box.value.length);
}

/** Go to the search of conversations: at the side where it stands there, else in its panel. */
function search() {
  const field = document.querySelector("#side [data-search]");
  if (field && field.offsetParent && !document.body.dataset.panel) field.focus();
  else openPanel("conversations", "[data-search]");
}

document.addEventListener("keydown", (event) => {
  const bare = !event.ctrlKey && !event.metaKey && !event.altKey;
  if (event.isComposing) return;
  if (event.key === "ArrowUp" && bare && !event.shiftKey) recall(event);
  else if (event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey) {
    event.preventDefault();
    search();
  } else if (event.key === "?" && bare && !isField(event.target) && byId("header")) {
    event.preventDefault();
    openPanel("display");
  }
});
