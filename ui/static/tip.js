// The quote of a citation mark, on hover and on focus.

import { byId } from "./dom.js";

function show(cite) {
  const tip = byId("tip") || document.body.appendChild(Object.assign(document.createElement("div"), { id: "tip" }));
  tip.setAttribute("aria-hidden", "true"); // the mark's own label says the same
  tip.textContent = cite.dataset.quote;
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
