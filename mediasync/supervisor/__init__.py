"""The processes: what `manage.py up` and `manage.py work` start, watch and end."""
