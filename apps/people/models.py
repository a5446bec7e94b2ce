"""The people of the firm."""

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What somebody's day is; `people.roles` says what each may do."""

    BOOKKEEPER = "bookkeeper", _("bookkeeper")
    REVIEWER = "reviewer", _("reviewer")
    PARTNER = "partner", _("partner")
    ADMINISTRATOR = "administrator", _("administrator")


class Users(UserManager["User"]):
    """Makes users that sign in by e-mail address."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":  # type: ignore[override]
        """Create and return a staff member; `role` defaults to bookkeeper."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":  # type: ignore[override]
        """Create and return an administrator."""
        return self.create_user(
            email, password, **{"role": Role.ADMINISTRATOR, "is_superuser": True, **fields}
        )


class User(AbstractUser):
    """Somebody who signs in: staff of the firm, known by e-mail address."""

    username = None  # type: ignore[assignment]
    email = models.EmailField(_("e-mail address"), unique=True)
    is_staff = models.BooleanField(_("staff status"), default=True)
    role = models.CharField(_("role"), max_length=20, choices=Role.choices, default=Role.BOOKKEEPER)
    language = models.CharField(
        _("language"), max_length=2, choices=[("nl", _("Dutch")), ("en", _("English"))], default="nl"
    )

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects: ClassVar[Users] = Users()

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")

    def __str__(self) -> str:
        return self.get_full_name() or self.email

    @property
    def sees_everything(self) -> bool:
        """Whether every client of the firm is this person's business."""
        return self.is_superuser or self.role == Role.ADMINISTRATOR

    @property
    def sees_unrouted(self) -> bool:
        """Whether documents that belong to no administration yet are this person's business."""
        return self.sees_everything or self.role == Role.REVIEWER
