# The bot, as a user of its own, with nothing to write to but its state.
FROM python:3.11-slim-bookworm AS build
WORKDIR /src
COPY pyproject.toml constraints.txt README.md LICENSE ./
COPY bot bot
COPY checks checks
RUN python -m venv /opt/slsdiag \
    && /opt/slsdiag/bin/pip install --no-cache-dir -c constraints.txt .

FROM python:3.11-slim-bookworm
COPY --from=build /opt/slsdiag /opt/slsdiag
RUN useradd --uid 10001 --create-home --home-dir /var/lib/slsdiag slsdiag
ENV PATH=/opt/slsdiag/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    SLSDIAG_STATE_DIR=/var/lib/slsdiag
USER 10001
VOLUME /var/lib/slsdiag
EXPOSE 3000 8080
ENTRYPOINT ["slsdiag"]
CMD ["serve"]
