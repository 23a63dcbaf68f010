// The page's own script: citation marks lead to exact words, panels open, the keyboard works. No library, no network.
// Offsets from the server count code points of the article's text; the DOM counts UTF-16 units. `placeAt` converts.
(() => {
  "use strict";

  const byId = (id) => document.getElementById(id);
  const phone = window.matchMedia("(max-width: 899px)");
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)");
  let send = () => {};
  let pending = null; // a place in an article that is still on its way
  let active = null; // the place that is highlighted: {article, start, end, n}
  let looked = ""; // the turn whose citations are painted; empty: the last one
  let opener = null; // what had the focus before the drawer or the article slid over

  // Which event of the bridge carries an act: it decides how much of the page the server draws again.
  const EVENTS = {
    again: "ask", show: "show", language: "language", rate: "turn", earlier: "turn", edit: "turn", panel: "panel",
    rename: "panel", export: "panel", choose: "models", install: "models", cancel: "models",
  };
  const act = (data) => send(data.panel === "models" ? "models" : EVENTS[data.act] || "whole", data);
  const questionBox = () => document.querySelector("#question-box textarea");

  // ── The article: from offsets to characters ────────────────────────────────────────────────────────────────────

  const astral = /[\ud800-\udbff][\udc00-\udfff]/;
  const points = (text) => (astral.test(text) ? [...text].length : text.length);
  const units = (text, count) => (astral.test(text) ? [...text].slice(0, count).join("").length : count);

  /** The text nodes of the stretch [start, end[, each with the part of it that lies inside. */
  function stretches(root, start, end) {
    const found = [];
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    let at = 0;
    for (let node = walker.nextNode(); node && at < end; node = walker.nextNode()) {
      const length = points(node.data);
      const from = Math.max(start - at, 0);
      const to = Math.min(end - at, length);
      if (from < to) found.push({ node, from: units(node.data, from), to: units(node.data, to) });
      at += length;
    }
    return found;
  }

  function wrap(root, start, end, kind, n) {
    const marks = [];
    for (const { node, from, to } of stretches(root, start, end)) {
      const range = document.createRange();
      range.setStart(node, from);
      range.setEnd(node, to);
      const mark = document.createElement(kind === "active" ? "mark" : "span");
      mark.className = kind;
      range.surroundContents(mark);
      marks.push(mark);
    }
    const visible = marks.filter((mark) => mark.textContent.trim());
    if (n && visible.length) visible[visible.length - 1].dataset.n = n;
    return visible;
  }

  function unwrap(root) {
    for (const mark of root.querySelectorAll("mark.active, span.used")) mark.replaceWith(...mark.childNodes);
    root.normalize();
  }

  /** Paint what the answer the reader looks at cites (the last one, until an older one's mark is clicked), and the place the reader asked for. */
  function paint() {
    const paper = document.querySelector("#reader .paper");
    const root = paper && paper.querySelector(".article-text");
    if (!root) return [];
    unwrap(root);
    const turns = document.querySelectorAll("#past .turn, #live .turn");
    const last = byId(looked) || (turns.length ? turns[turns.length - 1] : null);
    const seen = new Set();
    for (const cite of last ? last.querySelectorAll(".cite") : []) {
      const { article, start, end, n } = cite.dataset;
      if (article !== paper.dataset.article || seen.has(n)) continue;
      seen.add(n);
      wrap(root, Number(start), Number(end), "used", n);
    }
    if (!active || active.article !== paper.dataset.article) return [];
    return wrap(root, active.start, active.end, "active", "");
  }

  function repaint() {
    readerWatch.disconnect();
    const marks = paint();
    watchReader();
    return marks;
  }

  /** Highlight a place, opening its article first if another one is shown. */
  function goTo(place) {
    active = place;
    const paper = document.querySelector("#reader .paper");
    if (phone.matches) openArticle();
    if (!paper || paper.dataset.article !== place.article) {
      pending = place;
      act({ act: "show", article: place.article });
      return;
    }
    pending = null;
    const marks = repaint();
    if (!marks.length) return;
    marks[0].scrollIntoView({ block: "center", behavior: calm.matches ? "auto" : "smooth" });
    announce(place.label);
  }

  // ── The article slides over on a phone ─────────────────────────────────────────────────────────────────────────

  function openArticle() {
    if (!document.body.classList.contains("reading")) opener = document.activeElement;
    document.body.classList.add("reading");
    byId("chat").inert = true;
    const back = document.querySelector("#reader .back");
    if (back) back.focus({ preventScroll: true });
  }

  function closeArticle() {
    document.body.classList.remove("reading");
    byId("chat").inert = false;
    if (opener && opener.isConnected) opener.focus({ preventScroll: true });
  }

  // ── The quote of a citation mark, on hover and on focus ────────────────────────────────────────────────────────

  function showTip(cite) {
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

  function hideTip() {
    const tip = byId("tip");
    if (tip) tip.className = "";
  }

  // ── What is said to those who listen instead of look ───────────────────────────────────────────────────────────

  function announce(text) {
    let live = byId("announcer");
    if (!live) {
      live = Object.assign(document.createElement("div"), { id: "announcer", className: "unseen" });
      live.setAttribute("role", "status");
      document.body.appendChild(live);
    }
    live.textContent = text || "";
  }

  // ── The drawer ─────────────────────────────────────────────────────────────────────────────────────────────────

  function openPanel(name) {
    if (!document.body.dataset.panel) opener = document.activeElement;
    document.body.dataset.panel = name;
    for (const id of ["panes", "header"]) byId(id).inert = true;
    const drawer = byId("drawer");
    drawer.setAttribute("role", "dialog");
    drawer.setAttribute("aria-modal", "true");
    drawer.setAttribute("aria-labelledby", "panel-title");
    act({ act: "panel", panel: name });
  }

  function closePanel() {
    if (!document.body.dataset.panel) return;
    delete document.body.dataset.panel;
    for (const id of ["panes", "header"]) byId(id).inert = false;
    if (opener && opener.isConnected) opener.focus({ preventScroll: true });
  }

  // ── What a click means ─────────────────────────────────────────────────────────────────────────────────────────

  async function copy(button) {
    const label = button.textContent;
    const done = button.dataset.done;
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
      button.textContent = done;
      announce(done);
    } catch {
      button.textContent = button.dataset.failed;
      announce(button.dataset.failed);
    }
    setTimeout(() => { if (button.isConnected) button.textContent = label; }, 2000);
  }

  /** Put the question of a turn back into the box; what is sent next replaces that turn. */
  function edit(button) {
    const box = questionBox();
    const { set } = Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value");
    set.call(box, button.closest(".turn").querySelector(".question").textContent);
    box.dispatchEvent(new Event("input", { bubbles: true }));
    box.focus();
  }

  function perform(button) {
    const data = { ...button.dataset };
    if (data.act === "copy") return copy(button);
    if (data.act === "close") return closePanel();
    if (data.act === "back") return closeArticle();
    if (data.act === "read") return openArticle();
    if (data.confirm && !window.confirm(data.confirm)) return undefined;
    if (data.act === "rename") {
      const title = window.prompt(data.label, data.title);
      if (!title) return undefined;
      data.title = title;
    }
    if (data.act === "rate" && data.rating === "down" && button.getAttribute("aria-pressed") !== "true") {
      const reason = window.prompt(data.label, "");
      if (reason === null) return undefined;
      data.reason = reason;
    }
    if (data.act === "language") {
      localStorage.setItem("language", data.language);
      document.documentElement.lang = data.language;
    }
    if (data.closes) closePanel();
    act(data);
    if (data.act === "edit") edit(button);
    return undefined;
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("button, a");
    if (!button) return;
    if (button.matches(".cite, .passage")) {
      const { article, start, end, n } = button.dataset;
      hideTip();
      looked = button.closest(".turn")?.id || "";
      goTo({ article, start: Number(start), end: Number(end), n, label: button.getAttribute("aria-label") });
    } else if (button.matches(".skip")) {
      event.preventDefault();
      questionBox().focus();
    } else if (button.dataset.ask) {
      send("ask", { ask: button.dataset.ask });
      questionBox().focus({ preventScroll: true });
    } else if (button.dataset.panel) {
      openPanel(button.dataset.panel);
    } else if (button.dataset.act) {
      perform(button);
    }
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    hideTip();
    if (document.body.dataset.panel) closePanel();
    else if (document.body.classList.contains("reading")) closeArticle();
  });

  for (const [name, show] of [["mouseover", true], ["focusin", true], ["mouseout", false], ["focusout", false]]) {
    document.addEventListener(name, (event) => {
      const cite = event.target.closest && event.target.closest(".cite");
      if (cite) (show ? showTip : hideTip)(cite);
    });
  }

  let typing = 0;
  document.addEventListener("input", (event) => {
    if (!event.target.matches("[data-search]")) return;
    clearTimeout(typing);
    const { search } = event.target.dataset;
    typing = setTimeout(() => act({ act: "panel", panel: search, query: event.target.value }), 200);
  });

  let saved = "";
  /** Save what the server put into the outbox, as the browser saves any file. */
  function save() {
    const file = document.querySelector("#outbox [data-save]");
    if (!file || file.dataset.nonce === saved) return;
    saved = file.dataset.nonce;
    const address = URL.createObjectURL(new Blob([file.textContent], { type: "text/plain;charset=utf-8" }));
    Object.assign(document.createElement("a"), { href: address, download: file.dataset.save }).click();
    URL.revokeObjectURL(address);
  }

  // ── Keeping up with what the server sends ──────────────────────────────────────────────────────────────────────

  const readerWatch = new MutationObserver(() => {
    const paper = document.querySelector("#reader .paper");
    if (pending && paper && paper.dataset.article === pending.article) goTo(pending);
    else repaint();
  });
  const watchReader = () => readerWatch.observe(byId("reader"), { childList: true, subtree: true, characterData: true });

  let turn = "";
  function followTurn() {
    const box = byId("turns");
    const section = document.querySelector("#live .turn");
    if (section && section.id !== turn) {
      turn = section.id;
      looked = "";
      box.scrollTop = box.scrollHeight;
    } else if (section && box.scrollHeight - box.scrollTop - box.clientHeight < 120) {
      box.scrollTop = box.scrollHeight;
    } else if (!section && turn) {
      turn = "";
      const turns = document.querySelectorAll("#past .turn");
      const last = turns[turns.length - 1];
      const answer = last && last.querySelector(".answer, .refused");
      if (answer) announce(answer.textContent);
      if (last && box.scrollHeight - box.scrollTop - box.clientHeight < 240) box.scrollTop = box.scrollHeight;
    }
    repaint();
  }

  /** Keep the conversation in the page's address, so that a reload finds it. */
  function remember() {
    const bar = document.querySelector("#header .bar");
    if (!bar || document.querySelector("#reader [aria-busy]")) return; // still opening: the address says what to open
    history.replaceState(null, "", `${location.pathname}#${bar.dataset.conversation}`);
  }

  /** Copy the bar of a download from where it is redrawn into the panel, whose buttons thus keep the focus. */
  function showFetching() {
    const place = document.querySelector("#panel .fetching");
    const bar = document.querySelector("#fetching progress");
    if (!place || !bar || place.innerHTML === bar.parentElement.innerHTML) return;
    place.innerHTML = bar.parentElement.innerHTML;
  }

  /** Move the focus into a panel that has just come. */
  function enterPanel() {
    const panel = document.querySelector("#panel .panel");
    const wanted = document.body.dataset.panel;
    if (!panel || panel.dataset.name !== wanted || byId("drawer").contains(document.activeElement)) return;
    byId("panel-title").focus({ preventScroll: true });
  }

  /** Watch the page's parts, as soon as Gradio has built them all. */
  function begin() {
    if (!["header", "past", "live", "reader", "panel", "fetching", "outbox"].every(byId)) {
      setTimeout(begin, 20);
      return;
    }
    const watch = (id, then) => new MutationObserver(then).observe(byId(id), { childList: true, subtree: true, attributes: true });
    watch("header", remember);
    watch("panel", () => { enterPanel(); showFetching(); });
    watch("fetching", showFetching);
    watch("outbox", save);
    const turnsWatch = new MutationObserver(followTurn);
    for (const id of ["past", "live"]) turnsWatch.observe(byId(id), { childList: true, subtree: true });
    watchReader();
  }

  window.askTheArticle = {
    /** Called by the bridge component once it stands: `sender(name, data)` raises an event on the server. */
    connect(sender) {
      send = sender;
    },
    /** Called when the page loads: which conversation and which language this browser wants. */
    greet() {
      begin();
      const language = localStorage.getItem("language");
      if (language) document.documentElement.lang = language;
      return [location.hash.slice(1), localStorage.getItem("language") || ""];
    },
  };
})();
