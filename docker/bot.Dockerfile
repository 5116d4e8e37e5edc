# The bot: everything but Rasa. Build from the top folder: docker build -f docker/bot.Dockerfile .
FROM python:3.12-slim

ENV PYTHONUNBUFFERED=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /app

# pg_dump for the nightly backup; it must not be older than the server in docker-compose.yml.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends postgresql-client \
    && rm --recursive --force /var/lib/apt/lists/*

COPY requirements.lock ./
RUN pip install --require-hashes --requirement requirements.lock

COPY pyproject.toml README.md LICENSE ./
COPY bot bot
COPY content content
COPY db db
COPY office office
# For `daisuso evaluate` and the gate of `daisuso learn`.
COPY tests/nlu/questions.tsv tests/nlu/
RUN pip install --no-deps --no-build-isolation --no-index --editable . \
    && useradd --system --uid 10001 --no-create-home daisuso \
    && install --directory --owner=daisuso /app/var

USER daisuso
EXPOSE 8080
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8080/healthz', timeout=4)"]
CMD ["daisuso", "run"]
