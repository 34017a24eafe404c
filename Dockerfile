# A tenant in a container: docker build -t mockidp . && docker run -p 9400:9400 mockidp
FROM python:3.12-slim AS wheel
WORKDIR /src
RUN pip install --no-cache-dir build
COPY pyproject.toml README.md LICENSE ./
COPY fixtures/tenants/acme.yaml fixtures/tenants/acme.yaml
COPY mockidp mockidp
RUN python -m build --wheel --outdir /dist

# Installs the wheel into a virtual environment without pip, and compiles it. The base image has no
# .pyc files, and without them a start takes several times as long. Of the standard library, only
# the imported modules are compiled. Removes pip, Perl, the package manager and character sets that
# are not needed. Any user can write to /data, which is for a volume with MOCKIDP_DATA_DIR.
FROM python:3.12-slim AS installed
COPY --from=wheel /dist /dist
# hadolint ignore=DL3003
RUN python -m venv --without-pip /mockidp \
    && pip --python /mockidp install --no-cache-dir --no-compile "$(echo /dist/*.whl)[metrics,passkeys,redis]" \
    && python -m compileall -q -j 0 --invalidation-mode unchecked-hash /mockidp \
    && /mockidp/bin/python -c "import mockidp.cli.health, mockidp.cli.serve, mockidp.server, \
    mockidp.codec.yaml_source, mockidp.tenant.content.overrides, mockidp.tenant.state.persistence, \
    mockidp.tls, mockidp.web.app, mockidp.web.control.operations, mockidp.tenant.shared.tenant, \
    mockidp.cli.serving.workers.supervisor, sqlite3" \
    && mkdir --mode=1777 /data && cd /usr/local/lib/python3.12 \
    && rm -rf site-packages/* ensurepip idlelib lib2to3 pydoc_data tkinter turtledemo \
    lib-dynload/_test* lib-dynload/_ctypes_test* lib-dynload/xx* lib-dynload/_xx* \
    lib-dynload/_codecs_* /usr/share/bash-completion /usr/share/lintian \
    /usr/local/bin/pip* /usr/local/include /usr/share/doc /usr/share/info /usr/share/man \
    /usr/bin/apt* /usr/bin/sqv /usr/lib/apt /usr/lib/*/libapt-* /usr/lib/*/gconv \
    /usr/bin/perl* /usr/lib/*/perl-base /usr/share/perl5 /dist /var/cache/* /var/log/*

FROM scratch
LABEL org.opencontainers.image.title="mockidp" \
      org.opencontainers.image.description="A local identity provider for tests that behaves like an Auth0 tenant" \
      org.opencontainers.image.licenses="MIT"
# hadolint ignore=DL3067
COPY --from=installed / /
ENV PATH=/mockidp/bin:/usr/local/bin:/usr/bin:/bin \
    LANG=C.UTF-8 \
    MOCKIDP_LISTEN=*:9400 \
    MOCKIDP_NO_TLS=1
USER 10001:10001
EXPOSE 9400
HEALTHCHECK --interval=10s --timeout=5s --retries=3 --start-period=10s --start-interval=0.25s \
    CMD ["mockidp", "health"]
ENTRYPOINT ["mockidp"]
CMD ["serve"]
