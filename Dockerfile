FROM python:3.13-slim

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 VAR_DIR=/var/lib/dayletter LESSONS_DIR=/app/lessons
WORKDIR /app

# Dependencies first: this layer is built again only when they change.
COPY requirements.txt ./
RUN pip install --no-cache-dir --require-hashes -r requirements.txt

COPY . .
RUN pip install --no-cache-dir --no-deps --no-build-isolation -e . \
    && useradd --system --home-dir "$VAR_DIR" --create-home --shell /usr/sbin/nologin dayletter

# The code belongs to root; the process may write only here.
USER dayletter
VOLUME /var/lib/dayletter
EXPOSE 8000

CMD ["sh", "-c", "exec dayletter serve --host 0.0.0.0 --port ${PORT:-8000} --workers ${WEB_CONCURRENCY:-2}"]
