"""Large uploads on their way, in a file of the data folder."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler


class UploadOnDisk(TemporaryFileUploadHandler):
    """Django's, but a file for which there is no room is removed at once: left until it is collected as garbage,
    it would itself be what keeps the disk full."""

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Write the next piece. OSError when there is no room for it."""
        try:
            super().receive_data_chunk(raw_data, start)
        except OSError:
            self._remove()
            raise

    def file_complete(self, file_size: int) -> UploadedFile[Any] | None:
        """The whole file, all of it on its disk. OSError when there is no room for the last of it."""
        try:
            return super().file_complete(file_size)
        except OSError:
            self._remove()
            raise

    def _remove(self) -> None:
        with suppress(OSError):  # what it still holds is written once more, and in vain
            self.file.close()
