// Run before anything is painted, so it stands alone: how this reader wants the page to look, and what was dismissed.

for (const name of ["theme", "size", "dismissed"]) {
  const value = localStorage.getItem(name);
  if (value) document.documentElement.dataset[name] = value;
}
