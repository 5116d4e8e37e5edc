"""The pages, one module a subject. Each gives its routes by `router(site)`; office/app.py lists them."""
