// The way to the server: an act's name and values go out as an event of the part of the page it draws again.

let draws = {};
let send = () => {};

/** Take what the server declared: act → part of the page; and the function that raises an event for a part. */
export function connect(declared, sender) {
  draws = declared;
  send = sender;
}

/** Have the server do an act; one that it did not declare does nothing. */
export function act(data) {
  if (Object.hasOwn(draws, data.act)) send(draws[data.act], data);
}
