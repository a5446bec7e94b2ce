"""The suspense account of a question is kept with it: an administration may choose another one meanwhile."""

from django.db import migrations, models
from django.db.models import OuterRef, Subquery


def take_over(apps, schema_editor):
    administrations = apps.get_model("clients", "Administration").objects
    here = administrations.filter(invoices__client_questions=OuterRef("pk"))
    questions = apps.get_model("invoices", "ClientQuestion").objects
    questions.update(account=Subquery(here.values("suspense_account")[:1]))


class Migration(migrations.Migration):

    dependencies = [
        ("clients", "0005_coding"),
        ("invoices", "0008_earned_autonomy"),
    ]

    operations = [
        migrations.AddField(
            model_name="clientquestion",
            name="account",
            field=models.CharField(
                blank=True, default="", max_length=60, verbose_name="suspense account"
            ),
        ),
        migrations.RunPython(take_over, migrations.RunPython.noop),
    ]
