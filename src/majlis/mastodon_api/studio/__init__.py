"""The studio for apps: ``/api/v1/studio``. Scopes ``studio:read`` and ``studio:write``; each address has a door."""
