// Printing: each answer with the words it rests on, which the screen shows in the article.

addEventListener("beforeprint", () => {
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
      source.textContent = dataset.quote.replace(/\s+/g, " ") + (page ? ` (p. ${page})` : "");
      sources.append(source);
    }
    if (seen.size) turn.append(sources);
  }
});
addEventListener("afterprint", () => document.querySelectorAll(".printed").forEach((one) => one.remove()));
