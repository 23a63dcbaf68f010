// Leaving the page ends its connections, and nothing before does.

// Gradio closes its client when the page may be left. What is still on its way then asks the server for a session that
// was just given up, which is an error there; and a page that stays after all, as after a link that became a download,
// would hear nothing any more. The browser itself ends all connections of a page that is really left.
window.addEventListener("beforeunload", (event) => event.stopImmediatePropagation(), { capture: true });
