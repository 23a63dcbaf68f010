"""The page as a program: how it is served on an address, and how it ends."""

import os
import secrets
import threading
import webbrowser
from collections.abc import Callable, Sequence

import gradio as gr
from starlette.applications import Starlette

from rag.offline import as_the_person_has_it, is_this_machine
from ui.chat import Chat
from ui.door import Door
from ui.server import Doorkeeper, Listening, Uploads, is_any, listen, page_addresses
from ui.shelf import UPLOAD_MEGABYTES

THREADS = 200


def launch(
    workspace: Door,
    *,
    port: int = 7860,
    host: str = "127.0.0.1",
    open_browser: bool = False,
    auth: tuple[str, str] | None = None,
) -> tuple[gr.Blocks, str]:
    """Serve the page in the background; return it and its address on this machine. Closing it ends all it does.

    Beyond this machine the page opens only with a token, which is part of the address.

    Raises:
        SettingsError: the port is taken, or the address is not one of this machine.
    """
    chat, addresses = _serve(workspace, port=port, host=host, open_browser=open_browser, auth=auth)
    return chat.blocks, addresses[0]


def _serve(
    workspace: Door, *, port: int, host: str, open_browser: bool, auth: tuple[str, str] | None
) -> tuple[Chat, list[str]]:
    at = listen(host, port)
    local = is_this_machine(host) and not is_any(host)
    token = "" if local else secrets.token_urlsafe(18)
    uploads = Uploads()
    os.environ["GRADIO_TEMP_DIR"] = str(uploads.folder)  # read as each component is made
    chat = Chat(workspace, local=local)
    secret = secrets.token_urlsafe(18)
    served = _application(chat.blocks, secret, auth)
    doorkeeper = Doorkeeper(served, secret=secret, local=local, token=token, uploads=uploads, handlers=chat.blocks.fns)
    chat.blocks.server = Listening(doorkeeper, at, chat.page.close, uploads.close)
    addresses = [address + (f"?token={token}" if token else "") for address in page_addresses(host, port)]
    if open_browser:
        with as_the_person_has_it():
            webbrowser.open(addresses[0])
    return chat, addresses


def _application(blocks: gr.Blocks, secret: str, auth: tuple[str, str] | None) -> Starlette:
    """Return the page as an application, whose addresses hold the secret.

    Gradio's ``launch`` is left out, since it asks its own page over the network whether it is up.
    """
    blocks.max_threads = blocks._queue.max_thread_count = THREADS  # noqa: SLF001  # what launch would do
    application: Starlette = gr.mount_gradio_app(
        Starlette(),  # of which FastAPI is one; no more is asked of it
        blocks,
        path="/",
        root_path=f"/{secret}",
        auth=auth,
        run_history=False,
        footer_links=[],
        show_error=False,
        enable_monitoring=False,
        ssr_mode=False,
        pwa=False,
        mcp_server=False,
        max_file_size=f"{UPLOAD_MEGABYTES}mb",
        theme=gr.themes.Base(),
        app_kwargs={"docs_url": None, "redoc_url": None, "openapi_url": None},
    )
    blocks.app = application.routes[-1].app  # type: ignore[attr-defined]  # so that closing them ends what streams
    blocks.has_launched = True  # else Gradio takes any file of this machine for one that was uploaded
    return application


def main(
    workspace: Door,
    *,
    tell: Callable[[Sequence[str]], None],
    port: int = 7860,
    open_browser: bool = True,
    host: str = "127.0.0.1",
    auth: tuple[str, str] | None = None,
) -> None:
    """Serve the page until the person interrupts; ``tell`` is given its addresses.

    Raises:
        SettingsError: the port is taken, or the address is not one of this machine.
    """
    chat, addresses = _serve(workspace, port=port, host=host, open_browser=open_browser, auth=auth)
    tell(addresses)
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        chat.blocks.close(verbose=False)
