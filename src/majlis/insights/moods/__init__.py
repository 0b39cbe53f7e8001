"""How a short text sounds: negative, neutral or positive, and whether it is a complaint.

A linear model over hashed words and letters, trained by ``scripts/train_moods.py`` from texts whose licences allow it
(``CREDITS.md`` beside this file). It is read from disk when first asked for, and knows nothing of brands.
"""

from majlis.insights.moods.model import Reading, Sound, read, read_all

__all__ = ["Reading", "Sound", "read", "read_all"]
