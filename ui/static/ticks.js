// Ticks beside the article's scroll bar: where the marked places lie in the whole of it.

import { byId } from "./dom.js";

let shown = []; // [kind, an element or a range]
let due = 0;

function rail() {
  let found = byId("ticks");
  if (!found) {
    found = Object.assign(document.createElement("div"), { id: "ticks" });
    found.setAttribute("aria-hidden", "true");
    byId("panes").appendChild(found);
  }
  return found;
}

function draw() {
  due = 0;
  const box = byId("article");
  const top = box.getBoundingClientRect().top - box.scrollTop;
  const there = shown.filter(([, place]) => place.isConnected !== false);
  rail().replaceChildren(...there.map(([kind, place]) => {
    const tick = Object.assign(document.createElement("i"), { className: kind });
    tick.style.top = `${(100 * (place.getBoundingClientRect().top - top)) / box.scrollHeight}%`;
    return tick;
  }));
}

/** Draw a tick for each place, an element or a range, under the name of its kind: with the next picture. */
export function drawTicks(places) {
  shown = places;
  due = due || requestAnimationFrame(draw);
}

new ResizeObserver(() => { if (shown.length) drawTicks(shown); }).observe(document.documentElement);
