"""eConnect as people look at it: accounts, parties, messages, answers, and the keys for Accept."""

from apps.econnect.admin import accounts, keys, messages, parties

__all__ = ["accounts", "keys", "messages", "parties"]
