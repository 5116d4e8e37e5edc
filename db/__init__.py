"""The data: models, migrations and the questions asked of them, one module a subject."""
