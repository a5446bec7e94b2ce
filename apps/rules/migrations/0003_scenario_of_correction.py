"""A correction of a VAT code is about lines of one VAT scenario."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("rules", "0002_coding"),
    ]

    operations = [
        migrations.AddField(
            model_name="correction",
            name="scenario",
            field=models.CharField(blank=True, default="", max_length=20, verbose_name="VAT scenario"),
        ),
    ]
