from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('notify', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='notifier',
            name='language',
            field=models.CharField(blank=True, default='', editable=False, max_length=12),
        ),
    ]
