"""The guarded HTTP client: every request of the product to outside is made here.

Owns which addresses may be spoken to, and the limits of size, time and redirects. Knows nothing about
who asks and why; keeps nothing.
"""

from majlis.core.http.client import Answer, Client, Limits, Signer
from majlis.core.http.errors import FetchFailed

__all__ = ["Answer", "Client", "FetchFailed", "Limits", "Signer"]
