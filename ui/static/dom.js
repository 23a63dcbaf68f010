// What every part of the script needs of the page.

export const byId = (id) => document.getElementById(id);
export const questionBox = () => document.querySelector("#question-box textarea");
export const phone = window.matchMedia("(max-width: 899px)");
export const calm = window.matchMedia("(prefers-reduced-motion: reduce)");

/** Put a text into the box of the question, as if it had been typed. */
export function write(text) {
  const box = questionBox();
  const { set } = Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value");
  set.call(box, text);
  box.dispatchEvent(new Event("input", { bubbles: true }));
}

/** Give the focus back to what had it, if that is still there. */
export function refocus(element) {
  if (element && element.isConnected) element.focus({ preventScroll: true });
}

/** Say something to those who listen instead of look. */
export function announce(text) {
  let live = byId("announcer");
  if (!live) {
    live = Object.assign(document.createElement("div"), { id: "announcer", className: "unseen" });
    live.setAttribute("role", "status");
    document.body.appendChild(live);
  }
  live.textContent = text || "";
}
