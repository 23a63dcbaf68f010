// The way to the server: an act's name and values go out as an event of the part of the page it draws again.

let draws = {};
let send = () => {};
export const limits = { bytes: Infinity, kinds: "" };

/** Take what the server declared: act → part of the page, what it takes; and the function that raises an event. */
export function connect(declared, taken, sender) {
  draws = declared;
  Object.assign(limits, taken);
  send = sender;
}

/** Have the server do an act; return whether it was sent: one that the server did not declare does nothing. */
export function act(data) {
  const known = Object.hasOwn(draws, data.act);
  if (known) send(draws[data.act], data);
  return known;
}
