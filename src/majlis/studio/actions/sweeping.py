"""What nobody needs any more goes by itself."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Q

from majlis.studio.actions.entries import BACK_WITHIN
from majlis.studio.models import Entry, PlanImport, ReviewLink

IMPORT_LASTS: Final = timedelta(days=1)
_AT_ONCE: Final = 500


def sweep(*, at: datetime) -> int:
    """Remove entries thrown away thirty days ago, review links that opened nothing for as long, and plans that
    were looked at and not taken; how many."""
    before = at - BACK_WITHIN
    old = Entry.objects.filter(discarded_at__lt=before, post_id=None)
    closed = ReviewLink.objects.filter(Q(expires_at__lt=before) | Q(revoked_at__lt=before))
    looked_at = PlanImport.objects.filter(made_at__lt=at - IMPORT_LASTS)
    gone = 0
    with transaction.atomic():
        # through the models, which know what hangs on these rows and what only names them
        for model, rows in ((Entry, old), (ReviewLink, closed), (PlanImport, looked_at)):
            ids = list(rows.values_list("id", flat=True)[:_AT_ONCE])
            model.objects.filter(id__in=ids).delete()
            gone += len(ids)
    return gone
