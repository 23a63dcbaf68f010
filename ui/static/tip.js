// Where a citation comes from, on hover and on focus of its mark: article, section, the sentence in its surroundings.

import { byId } from "./dom.js";

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

function show(cite) {
  const tip = byId("tip") || document.body.appendChild(Object.assign(document.createElement("div"), { id: "tip" }));
  tip.setAttribute("aria-hidden", "true"); // the mark's own label says the same
  fill(tip, cite);
  tip.className = "shown";
  const box = cite.getBoundingClientRect();
  const size = tip.getBoundingClientRect();
  const left = Math.min(Math.max(8, box.left + box.width / 2 - size.width / 2), innerWidth - size.width - 8);
  const above = box.top - size.height - 8;
  tip.style.left = `${left}px`;
  tip.style.top = `${above > 8 ? above : box.bottom + 8}px`;
}

export function hideTip() {
  const tip = byId("tip");
  if (tip) tip.className = "";
}

for (const [name, change] of [["mouseover", show], ["focusin", show], ["mouseout", hideTip], ["focusout", hideTip]]) {
  document.addEventListener(name, (event) => {
    const cite = event.target.closest && event.target.closest(".cite");
    if (cite) change(cite);
  });
}
