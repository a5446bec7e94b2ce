"""What a reviewer does with a whole group of unknown items at once, and takes back with one press."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from apps.items import answering, choosing
from apps.items.models import ItemMapping, ItemQuestion
from apps.people.models import User


@dataclass(slots=True)
class Done:
    """What one press did: decisions made (their keys), questions answered, and what was refused, in words."""

    mappings: list[int] = field(default_factory=list)
    answered: list[int] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)


def map_group(choices: Mapping[ItemQuestion, str], *, by: User, kind: str = "") -> Done:
    """Answer each question with the item chosen for it (id in Exact). One that is refused stops no other.

    `kind`: by what it is remembered, "" for what the product proposes.
    """
    done = Done()
    for question, chosen in choices.items():
        try:
            item = choosing.item_of(question, chosen)
        except choosing.NotChosen as refusal:
            done.refusals.append(f"{question.administration}: {refusal}")
            continue
        mapping = answering.answer(question, item, by=by, kind=kind or None)
        if mapping is None:
            words = _("A colleague answered this question just now.")
            done.refusals.append(f"{question.administration}: {words}")
            continue
        done.mappings.append(mapping.pk)
        done.answered.append(question.pk)
    return done


def take_back(mappings: Iterable[ItemMapping], *, by: User) -> int:
    """Take back what a press decided; return how many decisions were."""
    return sum(answering.take_back(mapping, by=by) for mapping in mappings)
