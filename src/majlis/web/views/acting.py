"""What is done to posts: each a form of one button. By htmx the card comes back, without it the page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from majlis.core.clock import now
from majlis.core.errors import BadInput, NotThere, Refused
from majlis.feeds import lists as feeds
from majlis.feeds.rules import Why
from majlis.people.queries import Viewer
from majlis.posts import access, actions
from majlis.web import cards, measured
