"""Counters on a Redis or Valkey server, to which several processes add."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Mapping
from functools import partial
from typing import Any

from mockidp.errors import MockIdPError
from mockidp.storage.redis.server import AnswerLostError, checked, read_again
from mockidp.storage.series import MAX_SERIES, Series, rest
from mockidp.storage.store import TenantDeleted

MAX_PROCESSES = 1000
"""The last addition of each of this many processes is known, which is why none counts twice."""
_ADD = """
-- Add to counters, unless this was done before.
-- KEYS: the counters; the number of the last addition of each process; the processes, in the order
-- of these; the state of a tenant that can be deleted. ARGV: process, number of its addition,
-- largest numbers of series and processes; for each series the name of the counter, the series,
-- that which has the rest, and the amount
local left = KEYS[4] and redis.call('pttl', KEYS[4]) or -1
if left == -2 then return 0 end
if redis.call('hget', KEYS[2], ARGV[1]) == ARGV[2] then return 1 end
redis.call('hset', KEYS[2], ARGV[1], ARGV[2])
redis.call('zadd', KEYS[3], redis.call('hincrby', KEYS[2], 'additions', 1), ARGV[1])
if redis.call('zcard', KEYS[3]) > tonumber(ARGV[4]) then
  redis.call('hdel', KEYS[2], redis.call('zpopmin', KEYS[3])[1])
end
for index = 5, #ARGV, 4 do
  local series = ARGV[index + 1]
  if redis.call('hexists', KEYS[1], series) == 0 then
    local size = redis.call('hincrby', KEYS[2], 'series of ' .. ARGV[index], 1)
    if size > tonumber(ARGV[3]) then series = ARGV[index + 2] end
  end
  redis.call('hincrbyfloat', KEYS[1], series, ARGV[index + 3])
end
if left > 0 then
  for index = 1, 3 do redis.call('pexpire', KEYS[index], left) end
end
return 1
"""


class RedisCounters:
    """Counters in one hash. Two more keys have what the script must know to add to them.

    This is the number of the last addition of each process, and how many series a counter has. A
    process is forgotten once many others have added something since it did.

    Args:
        client: The client for the server, from `connect`.
        key: The key of the hash.
        state: The key of a tenant's state, with which the counters are deleted and expire.
    """

    def __init__(self, client: Any, key: str, *state: str) -> None:
        self._client, self._keys = client, (key, f"{key}:added", f"{key}:processes", *state)
        self._add: Any = client.register_script(_ADD)
        self._lock = threading.Lock()
        self._process = ""
        self._number = 0
        self._unsure: Mapping[Series, float] | None = None

    def add(self, amounts: Mapping[Series, float]) -> None:
        """Add to counters in one round trip, all or none, and exactly once.

        If the answer is lost, the same is sent again with the next call.

        Raises:
            TenantDeleted: The state is gone.
            MockIdPError: The server cannot be used, and the amounts have to be added later.
        """
        with self._lock:
            self._send()
            self._process = self._process or os.urandom(8).hex()  # not in the parent of a fork
            self._number, self._unsure = self._number + 1, amounts
            try:
                self._send()
            except AnswerLostError:
                pass
            except MockIdPError:
                self._unsure = None
                raise

    def _send(self) -> None:
        if not self._unsure:
            return
        arguments: list[Any] = [self._process, self._number, MAX_SERIES, MAX_PROCESSES]
        for series, amount in self._unsure.items():
            arguments += (series[0], json.dumps(series), json.dumps(rest(series)), amount)
        with checked():
            is_added = self._add(self._keys, arguments)
        if not is_added:
            raise TenantDeleted
        self._unsure = None

    def delete(self) -> None:
        """Delete all counters."""
        with checked():
            self._client.unlink(*self._keys[:3])

    def read(self) -> dict[Series, float]:
        """Return all counters."""
        found = read_again(partial(self._client.hgetall, self._keys[0]))
        return {tuple(json.loads(series)): float(amount) for series, amount in found.items()}
