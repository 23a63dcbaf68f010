// How the page looks, and what the reader does not want to see again. It stays in this browser.

const root = document.documentElement;
const night = window.matchMedia("(prefers-color-scheme: dark)");

function keep(name, value) {
  if (value) localStorage.setItem(name, value);
  else localStorage.removeItem(name);
  if (value) root.dataset[name] = value;
  else delete root.dataset[name];
}

/** Gradio's own parts have their colours by a class. */
export function dress() {
  const dark = root.dataset.theme ? root.dataset.theme === "dark" : night.matches;
  document.body.classList.toggle("dark", dark);
}
night.addEventListener("change", dress);

/** Show which choices are in force, in the panel that has just come. */
export function showChoices() {
  for (const button of document.querySelectorAll("#panel [data-setting]")) {
    const { setting, value } = button.dataset;
    const pressed = String((root.dataset[setting] || "") === value);
    if (button.getAttribute("aria-pressed") !== pressed) button.setAttribute("aria-pressed", pressed);
  }
}

export function display(button) {
  keep(button.dataset.setting, button.dataset.value);
  dress();
  showChoices();
}

export function dismiss(button) {
  const known = new Set((root.dataset.dismissed || "").split(" ").filter(Boolean));
  keep("dismissed", [...known.add(button.dataset.hint)].join(" "));
}
