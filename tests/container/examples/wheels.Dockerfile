# The wheels that pip installs in the jobs of examples/github-actions.yml, with mockidp-server from
# this checkout, so that the jobs run on an engine without network access.
FROM python:3.12-slim
WORKDIR /src
COPY pyproject.toml README.md LICENSE ./
COPY fixtures/tenants/acme.yaml fixtures/tenants/acme.yaml
COPY examples/app/requirements.txt ./
COPY mockidp mockidp
RUN pip wheel --no-cache-dir --wheel-dir /wheels . --requirement requirements.txt
