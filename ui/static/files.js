// Files on their way in: dropped anywhere on the page or chosen in the drawer, those that are too large left out.

import { act, limits } from "./bridge.js";
import { openPanel } from "./drawer.js";

const field = () => document.querySelector("#files input[type=file]");

function take(files) {
  const kept = new DataTransfer();
  for (const file of files) kept.items.add(file);
  field().files = kept.files;
}

// The system's chooser shows the kinds that can be read; what comes all the same, the server refuses by name.
document.addEventListener("click", (event) => {
  if (event.target.closest?.("#files") && field()) field().accept = limits.kinds;
}, true);

// A file dropped anywhere on the page goes where the drawer takes files.
document.addEventListener("dragover", (event) => {
  if (event.dataTransfer?.types.includes("Files") && !event.target.closest("#files")) event.preventDefault();
});
document.addEventListener("drop", (event) => {
  if (!event.dataTransfer?.files.length || !field()) return;
  event.preventDefault();
  event.stopPropagation();
  event.target.dispatchEvent(new DragEvent("dragleave", { bubbles: true })); // Gradio's frame shows nothing any more
  if (document.body.dataset.panel !== "articles") openPanel("articles");
  take(event.dataTransfer.files);
  field().dispatchEvent(new Event("change", { bubbles: true }));
}, true);

let left = ""; // the names of the files that are too large, until the others have come
/** Return what was kept back of the files that are now handed over; they are named once. */
export function keptBack() {
  const names = left;
  left = "";
  return names;
}

// Gradio would refuse all of them for one that is too large, in its own words.
document.addEventListener("change", (event) => {
  if (event.target !== field()) return;
  const all = [...field().files];
  const large = all.filter((file) => file.size > limits.bytes);
  if (!large.length) return;
  const kept = all.filter((file) => !large.includes(file));
  const names = large.map((file) => file.name).join(", ");
  take(kept);
  if (kept.length) left = names; // told with what became of the others
  else {
    event.stopPropagation();
    act({ act: "too-large", names });
  }
}, true);
