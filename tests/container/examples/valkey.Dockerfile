# Valkey of Debian 13, in the place of the Redis of examples/load-test/compose.yaml. Like that image, it
# accepts connections from other containers without a password.
FROM python:3.12-slim
RUN apt-get update && apt-get install --yes --no-install-recommends valkey-server valkey-tools \
  && printf '#!/bin/sh\nexec valkey-server "$@" --protected-mode no\n' >/usr/local/bin/redis-server \
  && chmod +x /usr/local/bin/redis-server \
  && ln -s /usr/bin/valkey-cli /usr/local/bin/redis-cli
CMD ["redis-server"]
