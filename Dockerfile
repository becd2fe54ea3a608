# The bot, as a user of its own, with nothing to write to but its state and /tmp.
#
# A release names the base by its digest: --build-arg BASE=python@sha256:…
ARG BASE=python:3.11.14-slim-bookworm

FROM ${BASE} AS build
WORKDIR /src
RUN python -m venv /opt/build && python -m venv --without-pip /opt/slsdiag
COPY requirements.lock deploy/build.lock ./
RUN /opt/build/bin/pip install --no-cache-dir --require-hashes --only-binary :all: -r build.lock \
    && /opt/build/bin/pip --python /opt/slsdiag/bin/python install --no-cache-dir --no-compile \
        --require-hashes --only-binary :all: -r requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY bot bot
COPY checks checks
RUN /opt/build/bin/pip wheel --no-cache-dir --no-index --no-deps --no-build-isolation -w dist . \
    && /opt/build/bin/pip --python /opt/slsdiag/bin/python install --no-index --no-deps --no-compile \
        dist/*.whl
COPY deploy/trim.py ./
RUN /opt/slsdiag/bin/python trim.py \
    && /opt/slsdiag/bin/python -m compileall -q --invalidation-mode unchecked-hash /opt/slsdiag/lib

FROM ${BASE}
RUN groupadd --gid 10001 slsdiag \
    && useradd --uid 10001 --gid 10001 --home-dir /var/lib/slsdiag --create-home \
        --shell /usr/sbin/nologin slsdiag
COPY --from=build /opt/slsdiag /opt/slsdiag
ENV PATH=/opt/slsdiag/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    SLSDIAG_STATE_DIR=/var/lib/slsdiag
USER 10001:10001
WORKDIR /var/lib/slsdiag
VOLUME /var/lib/slsdiag
EXPOSE 3000 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=3s --start-period=15s \
    CMD ["python", "-c", "import os, urllib.request as r; r.urlopen('http://127.0.0.1:' + os.environ.get('SLSDIAG_ADMIN_PORT', '8080') + '/livez', timeout=2)"]
ENTRYPOINT ["slsdiag"]
CMD ["serve"]
