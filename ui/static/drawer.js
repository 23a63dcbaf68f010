// The drawer: which panel it shows, and who has the focus meanwhile.

import { act } from "./bridge.js";
import { byId, refocus } from "./dom.js";

let opener = null; // what had the focus before the drawer slid over
let wanted = ""; // what of the panel gets the focus

/** Open a panel, with the focus on its title or on what a selector finds in it. */
export function openPanel(name, focus = "#panel-title", data = { act: name }) {
  wanted = focus;
  if (!document.body.dataset.panel) opener = document.activeElement;
  document.body.dataset.panel = name;
  for (const id of ["panes", "header"]) byId(id).inert = true;
  const drawer = byId("drawer");
  drawer.setAttribute("role", "dialog");
  drawer.setAttribute("aria-modal", "true");
  drawer.setAttribute("aria-labelledby", "panel-title");
  act(data);
}

export function closePanel() {
  if (!document.body.dataset.panel) return;
  delete document.body.dataset.panel;
  for (const id of ["panes", "header"]) byId(id).inert = false;
  refocus(opener);
}

/** Go to where articles are added, below the list of those there are. */
export function adding() {
  byId("adding").scrollIntoView({ block: "start" });
  byId("files").querySelector("button")?.focus({ preventScroll: true });
}

/** Copy the bar of a download from where it is redrawn into the panel, whose buttons thus keep the focus. */
export function showFetching() {
  const place = document.querySelector("#panel .fetching");
  const bar = document.querySelector("#fetching progress");
  if (!place || !bar || place.innerHTML === bar.parentElement.innerHTML) return;
  place.innerHTML = bar.parentElement.innerHTML;
}

/** Move the focus into a panel that has just come. */
export function enterPanel() {
  const panel = document.querySelector("#panel .panel");
  if (!panel || panel.dataset.name !== document.body.dataset.panel) return;
  if (byId("drawer").contains(document.activeElement)) return;
  panel.querySelector(wanted)?.focus({ preventScroll: true });
}
