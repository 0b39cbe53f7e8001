"""The application that Granian serves: the lane in front, Django behind, memory kept true by the change log.

The only place that joins the edges: what the lane presents is presented by the Mastodon API's functions.
"""

from __future__ import annotations

import asyncio
import os
import signal
from typing import Final

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "majlis.config.django_settings")

import django
from django.core.handlers.wsgi import WSGIHandler

django.setup(set_prefix=False)

from django.conf import settings
from django.db import connection

from majlis.accounts import bearers
from majlis.config.gate import Gate
from majlis.core import changes
from majlis.fastlane import sessions
from majlis.fastlane.answers import Receive, Scope, Send
from majlis.fastlane.app import Lane
from majlis.fastlane.clicks import ClickWriter
from majlis.fastlane.facts import PATH as FACTS
from majlis.fastlane.facts import Facts
from majlis.fastlane.files import Files
from majlis.fastlane.home import PATH as HOME
from majlis.fastlane.home import Home
from majlis.fastlane.links import PREFIX as LINKS
from majlis.fastlane.links import Links
from majlis.fastlane.live import Live
from majlis.fastlane.streams import Broadcaster, Presenters
from majlis.fastlane.threads import DatabaseThreads
from majlis.feeds import listening
from majlis.insights import serving
from majlis.mastodon_api import notifications, presentation
from majlis.media.store import URL_PREFIX, FolderStore
from majlis.studio.experiments import again
from majlis.studio.links import memory as links
from majlis.studio.promotion import active as promotions
from majlis.studio.promotion import offers

wsgi: Final = WSGIHandler()


def conninfo() -> str:
    """The database of this process's settings, for connections that are not Django's."""
    parameters = connection.get_connection_params()
    wanted = ("host", "port", "user", "password", "dbname")
    return " ".join(f"{name}='{parameters[name]}'" for name in wanted if parameters.get(name))


class Server:
    """One server process: its application. Made after the fork, for it has threads."""

    def __init__(self) -> None:
        threads = DatabaseThreads(settings.MAJLIS.web_threads, thread_name_prefix="lane")
        self._broadcaster = Broadcaster(
            Presenters(
                status=presentation.status_json,
                notification=notifications.notification_json,
            )
        )
        live = Live(self._broadcaster, threads)
        self._facts = Facts(threads)
        behind = Gate(
            wsgi,
            workers=settings.MAJLIS.web_threads,
            identify=threads,
            folder=settings.MAJLIS.data_dir,
        )
        self._clicks = ClickWriter(sessions.profiles_of)
        self._lane = Lane(
            exact={HOME: Home(presentation.statuses_json, threads), "/live": live.browser},
            prefixes={
                "/api/v1/streaming": live.events,
                URL_PREFIX: Files(FolderStore(root=settings.MAJLIS.media_dir), threads),
                LINKS: Links(self._clicks, missing=behind, threads=threads),
            },
            posted={FACTS: self._facts},
            sockets=live.socket,
            behind=behind,
        )
        self._follower = changes.Follower(conninfo(), fallen_behind=self._build_memory)

    def _build_memory(self) -> None:
        bearers.begin()
        links.forget()
        promotions.forget()
        again.forget()
        listening.load_rings()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
        else:
            await self._lane(scope, receive, send)

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                self.start()
                # sent by the main process before it asks for the end, which waits for open connections
                asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, self._broadcaster.hang_up)
                await send({"type": "lifespan.startup.complete"})
            else:
                self.stop()
                await send({"type": "lifespan.shutdown.complete"})
                return

    def start(self) -> None:
        """Follow the change log and open the streams."""
        listening.listen()
        bearers.listen()
        promotions.listen()
        again.listen()
        links.listen()
        self._clicks.start()
        offers.WRITER.start()
        self._broadcaster.start()
        self._follower.start()
        self._facts.listen()
        serving.WRITER.start()

    def stop(self) -> None:
        """Stop following; streams end with their connections."""
        self._follower.stop()
        self._broadcaster.stop()
        self._facts.stop()
        serving.WRITER.stop()
        self._clicks.stop()
        offers.WRITER.stop()
