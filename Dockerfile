# A tenant in a container: docker build -t mockidp . && docker run -p 9400:9400 mockidp
FROM python:3.12-slim AS wheel
WORKDIR /src
RUN pip install --no-cache-dir build
COPY pyproject.toml README.md LICENSE ./
COPY fixtures/tenants/acme.yaml fixtures/tenants/acme.yaml
COPY mockidp mockidp
RUN python -m build --wheel --outdir /dist

FROM python:3.12-slim
COPY --from=wheel /dist /dist
# Compiled here, once: without .pyc files each start takes several times as long.
RUN pip install --no-cache-dir --compile "$(echo /dist/*.whl)[tls]" && rm -r /dist \
    && useradd --create-home --uid 10001 mockidp
USER mockidp
WORKDIR /home/mockidp
EXPOSE 9400
ENTRYPOINT ["mockidp"]
CMD ["serve", "--listen", "0.0.0.0:9400", "--no-tls"]
