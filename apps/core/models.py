"""Rows that every app may build on: leases and the heartbeat of the worker."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class Leased(models.Model):
    """A row that one process at a time may hold, for a limited time. Taken and freed through `core.leases`."""

    lease = models.UUIDField(null=True, editable=False)
    leased_until = models.DateTimeField(null=True, editable=False)

    class Meta:
        abstract = True


class Heartbeat(models.Model):
    """When something that must keep beating last did: the proof of life that `worker` and /health/ read."""

    name = models.CharField(_("name"), max_length=60, primary_key=True)
    beat_at = models.DateTimeField(_("last beat"))

    objects: ClassVar[models.Manager["Heartbeat"]] = models.Manager()

    def __str__(self) -> str:
        return self.name
