"""One factory per model of apps.people."""

from factory.declarations import Sequence
from factory.django import DjangoModelFactory

from apps.people.models import Role, User

PASSWORD = "correct horse battery"


class UserFactory(DjangoModelFactory[User]):
    """A bookkeeper; `role=` for others."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    email = Sequence(lambda n: f"person{n}@kantoor.example")
    first_name = "Sanne"
    last_name = Sequence(lambda n: f"Bakker {n}")
    role = Role.BOOKKEEPER
    language = "en"

    @classmethod
    def _create(cls, model_class: type[User], *_args: object, **kwargs: object) -> User:
        return model_class.objects.create_user(password=PASSWORD, **kwargs)  # type: ignore[arg-type]
