// Printing: each answer with the words it rests on, which the screen shows in the article, and where they stand.

const SEVERAL = "several-sources"; // then no one article's title stands above the conversation

addEventListener("beforeprint", () => {
  const titles = [...document.querySelectorAll(".turn .around [data-title]")].map((one) => one.dataset.title);
  const subject = document.querySelector("#header .subject")?.textContent;
  document.body.classList.toggle(SEVERAL, titles.some((title) => title !== subject));
  for (const turn of document.querySelectorAll(".turn")) {
    const sources = Object.assign(document.createElement("ol"), { className: "printed" });
    const seen = new Set();
    for (const cite of turn.querySelectorAll(".cite")) {
      const { dataset } = cite;
      if (seen.has(dataset.n)) continue;
      seen.add(dataset.n);
      const source = document.createElement("li");
      source.value = Number(dataset.n);
      const [, page] = /p\.\s(\d+)/.exec(cite.textContent) || [];
      const title = turn.querySelector(`.around [data-n="${dataset.n}"]`)?.dataset.title;
      const from = document.body.classList.contains(SEVERAL) && title ? `${title}. ` : "";
      source.textContent = from + dataset.quote.replace(/\s+/g, " ") + (page ? ` (p. ${page})` : "");
      sources.append(source);
    }
    if (seen.size) turn.append(sources);
  }
});
addEventListener("afterprint", () => document.querySelectorAll(".printed").forEach((one) => one.remove()));
