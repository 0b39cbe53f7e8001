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

from majlis.config.gate import Gate
from majlis.core import changes
from majlis.fastlane import identity
from majlis.fastlane.answers import Receive, Scope, Send
from majlis.fastlane.app import Lane
        self._facts = Facts(threads)
