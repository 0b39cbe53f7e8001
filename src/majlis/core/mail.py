"""Mail for a machine without a mail server: shown on the console and kept in a spool folder."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.core.mail.backends.filebased import EmailBackend as FileBackend


class SpoolBackend(FileBackend):
    """Writes each message to ``<data>/mail`` and its essence to the console."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for message in email_messages:
            sys.stderr.write(f"mail to {', '.join(message.to)}: {message.subject}\n{message.body}\n")
        return super().send_messages(list(email_messages)) or 0
