from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('clients', '0007_limits'),
        ('invoices', '0015_invoice_items'),
    ]

    operations = [
        # The tables stay as they are: only the app that they belong to is another one.
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveField(model_name='limits', name='client'),
                migrations.DeleteModel(name='HistoricalLimits'),
                migrations.DeleteModel(name='Limits'),
            ],
        ),
    ]
