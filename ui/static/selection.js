// What is selected in a text, as offsets: the text may be marked anew meanwhile, which takes its nodes apart.

/** Where in a text the selection starts and ends, in UTF-16 units; null where it is empty or not wholly in there. */
export function selectionIn(root) {
  const selection = getSelection();
  if (!root || !selection.rangeCount || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0);
  if (!root.contains(range.startContainer) || !root.contains(range.endContainer)) return null;
  const before = document.createRange();
  before.setStart(root, 0);
  before.setEnd(range.startContainer, range.startOffset);
  const start = before.toString().length;
  return { start, end: start + range.toString().length };
}

/** Select a stretch of a text again, in UTF-16 units, where it no longer is; null leaves what is selected. */
export function reselect(root, stretch) {
  const now = selectionIn(root);
  if (!stretch || (now?.start === stretch.start && now.end === stretch.end)) return;
  const range = document.createRange();
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  let at = 0;
  for (let node = walker.nextNode(); node && at < stretch.end; node = walker.nextNode()) {
    const { length } = node.data;
    if (at <= stretch.start && stretch.start < at + length) range.setStart(node, stretch.start - at);
    range.setEnd(node, Math.min(stretch.end - at, length));
    at += length;
  }
  const selection = getSelection();
  selection.removeAllRanges();
  selection.addRange(range);
}
