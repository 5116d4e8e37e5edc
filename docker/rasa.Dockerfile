# The Rasa server with its model, trained while the image is built. Build from the top folder:
# docker build -f docker/rasa.Dockerfile .
FROM python:3.10-slim

ENV PYTHONUNBUFFERED=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 OMP_NUM_THREADS=1 RASA_MAX_CACHE_SIZE=0
WORKDIR /app

COPY rasa_project/requirements.lock ./
RUN pip install --require-hashes --requirement requirements.lock

COPY rasa_project/launch.py rasa_project/config.yml rasa_project/domain.yml ./
COPY rasa_project/components components
COPY rasa_project/data data
# Training also compiles what serving imports, so the server starts in seconds.
RUN python launch.py train models nlu \
    && useradd --system --uid 10001 --create-home rasa

USER rasa
EXPOSE 5005
HEALTHCHECK --interval=15s --timeout=5s --start-period=90s \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:5005/', timeout=4)"]
# Only the compose network reaches this address; the token is asked for all the same.
CMD ["python", "launch.py", "serve", "models/nlu.tar.gz", "5005", "0.0.0.0"]
