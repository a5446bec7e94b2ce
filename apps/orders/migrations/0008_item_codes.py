# The search for orders by the beginnings of item codes: istartswith compares in capitals, and SQLite has no such index.

from django.db import migrations, models

CODES = ("item_code", "seller_item", "buyer_item")


def index_codes(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for name in CODES:
            schema_editor.execute(
                f"CREATE INDEX order_line_{name} ON orders_purchaseorderline "
                f"(UPPER({name}::text) text_pattern_ops)"
            )


def forget_codes(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for name in CODES:
            schema_editor.execute(f"DROP INDEX order_line_{name}")


class Migration(migrations.Migration):

    dependencies = [
        ('items', '0002_questions_and_seen'),
        ('orders', '0007_noticed_version'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='purchaseorderline',
            index=models.Index(condition=models.Q(('gtin', ''), _negated=True), fields=['gtin'], name='order_line_gtin'),
        ),
        migrations.RunPython(index_codes, forget_codes),
    ]
