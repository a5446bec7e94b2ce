"""Who may see what: one door for every list, page, choice field, export and file."""

from typing import Any, ClassVar, Self, TypeVar

from django.db.models import Model, Q, QuerySet

from apps.people.models import User

M = TypeVar("M", bound=Model)


class VisibleQuerySet(QuerySet[M]):
    """Rows that hang on an administration. Subclasses name the path to it.

    `administration_path` is the lookup from the row to its administration ("" when the row is one);
    `unrouted` says whether rows without an administration exist, for reviewers and administrators only.
    """

    administration_path: ClassVar[str] = "administration"
    unrouted: ClassVar[bool] = False

    def visible_to(self, user: Any) -> Self:
        """Return the rows that `user` may see; nothing for anonymous or inactive people."""
        if not isinstance(user, User) or not user.is_active:
            return self.none()
        if user.sees_everything:
            return self
        client = "__".join(part for part in (self.administration_path, "client") if part)
        # A subquery and not a join: a join would double rows and break .update().
        mine = Q(**{f"{client}__in": user.assignments.values("client")})
        if self.unrouted and user.sees_unrouted:
            mine |= Q(**{f"{self.administration_path}__isnull": True})
        return self.filter(mine)
