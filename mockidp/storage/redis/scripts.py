"""The Lua scripts by which replicas of mockidp share state on a Redis server.

Each runs atomically. The keys of a tenant have a prefix:

- `state`: a hash with the epoch, which changes if the server has lost its data; the identity of the
  mock that wrote the first state, and its outline, by which another mock names what differs; the
  number of commits; the fence of the last lease, which no other lease has; the number of entries of
  each store, by which a replica notices that the server has evicted some; the commit that has last
  replaced each store with staged entries; the number of messages of each feed. To replicas the id
  of the server's run is part of the epoch, because a server that restarts may have lost the last
  commits.
- `store:NAME`: a hash with the entries of a store by key. Each begins with the number of its commit
  and its place there, which are its version. The number 0 means the commit that has last replaced
  the store with staged entries, because that number is not known when they are staged.
- `order:NAME`: the keys of a store with a capacity, by their last changes.
- `feed:NAME`: a list with the last messages of a feed.
- `log`: a stream with the last commits by their numbers: what they changed, the tokens of what a
  reader of it has read, and the id that the writer has given to the commit.
- `lease`: the fence of the writer that excludes all others, if there is one. It expires, so that a
  killed writer does not block the others.
- `staged:ID:store:NAME` and `staged:ID:order:NAME`: entries that the commit with an id will make
  those of a store by renaming the keys. They expire, so that nothing remains of a killed writer.
- `released`: has an element if a lease was released, for which writers wait.

If `state` expires, all other keys expire with it.
"""

from mockidp.storage.redis.evictions import EVICT

KEYS = ("state", "log", "lease", "released")
LOG_LENGTH = 1000
"""A replica that has missed more commits reads everything again."""
IN_SCRIPT = 1000
"""How many entries a script reads. If they are similar, its time grows with the square of their
number, because Lua hashes only some characters of a text."""
PAGE = 5000
"""About how many entries one command reads, so that it does not block the server for long."""
PIECE = 1000
"""How many entries one command stages."""
STAGED = 600
"""Seconds after which entries that were staged last are deleted."""
IN_COMMIT = 1 << 24
"""More than the number of entries in one commit. With it, two numbers are one version."""
_NEWS = """
local state, log, lease, released = KEYS[1], KEYS[2], KEYS[3], KEYS[4]

local function epoch()
  local found = redis.call('hget', state, 'epoch') or ''
  return found .. ' ' .. string.match(redis.call('info', 'server'), 'run_id:(%w+)')
end

-- Create the state unless it is there. Without a lifetime in milliseconds it does not expire.
-- Return the epoch that a replica knows, which is the new one if it knew that there was none.
local function create(known_epoch, lifetime)
  if redis.call('exists', state) == 1 then return known_epoch end
  local time, before = redis.call('time'), epoch()
  redis.call('hset', state, 'epoch', time[1] .. '.' .. time[2], 'commits', 0, 'fence', '')
  if lifetime ~= '' then redis.call('pexpire', state, lifetime) end
  return known_epoch == before and epoch() or known_epoch
end

-- Let a key expire with the state, if that expires.
local function expire(key)
  local left = redis.call('pttl', state)
  if left > 0 then redis.call('pexpire', key, left) end
end

-- Return the epoch, the number of commits, the commits that a replica has missed, and the identity;
-- instead of the commits, false if it has to read everything. Return also whether they changed what
-- it has read.
local function news(known_epoch, known, reads)
  local now, held = epoch(), redis.call('hmget', state, 'commits', 'identity')
  local commits, identity = held[1] or '0', held[2]
  if now ~= known_epoch then return {now, commits, false, identity}, true end
  local missed, is_read, conflicts = {}, nil, false
  if commits ~= known then
    for _, found in ipairs(redis.call('xrange', log, '(' .. known .. '-0', '+')) do
      if found[2][2] == '' then return {now, commits, false, identity}, true end
      table.insert(missed, found[2][2])
      if reads ~= '' and not conflicts then
        if not is_read then
          is_read = {}
          for token in string.gmatch(reads, '%x+') do is_read[token] = true end
        end
        for token in string.gmatch(found[2][4], '%x+') do
          conflicts = conflicts or is_read[token] or false
        end
      end
    end
    if #missed ~= commits - known then return {now, commits, false, identity}, true end
  end
  return {now, commits, missed, identity}, conflicts
end
"""

READ = f"""{_NEWS}
-- Return also for each store how many entries it has, or -1 if the server has deleted some; which
-- commit has replaced it; keys and entries, unless there are too many for a script. Without a state
-- return nothing more: while it is deleted, there are other keys.
-- ARGV: epoch and number of the last known commit, prefix, number of stores, names of stores and of
-- feeds to read
local answer, left = {{(news(ARGV[1], ARGV[2], ''))}}, {IN_SCRIPT}
if redis.call('exists', state) == 0 then return answer end
local feeds = 5 + ARGV[4]
for index = 5, feeds - 1 do
  local name, found = ARGV[index], false
  local store = ARGV[3] .. 'store:' .. name
  local held = redis.call('hmget', state, 'size:' .. name, 'base:' .. name)
  local size, base = tonumber(held[1] or 0), held[2] or '0'
  if redis.call('hlen', store) ~= size then
    size = -1
  elseif size <= left then
    found = size > 0 and redis.call('hgetall', store) or {{}}
    left = left - size
  end
  table.insert(answer, {{size, base, found}})
end
for index = feeds, #ARGV do
  local name = ARGV[index]
  local count = redis.call('hget', state, 'feed:' .. name) or '0'
  table.insert(answer, {{count, redis.call('lrange', ARGV[3] .. 'feed:' .. name, 0, -1)}})
end
return answer
"""

ACQUIRE = f"""{_NEWS}
-- Sent again because the answer was lost, it finds the lease with its own fence.
-- ARGV: epoch and number of the last known commit, milliseconds of the lease and of a new state,
-- fence
local holder = redis.call('get', lease)
if holder and holder ~= ARGV[5] then return false end
if ARGV[2] ~= '0' and redis.call('exists', state) == 0 then return {{}} end
local found = news(create(ARGV[1], ARGV[4]), ARGV[2], '')
redis.call('hset', state, 'fence', ARGV[5])
redis.call('set', lease, ARGV[5], 'px', ARGV[3])
return {{found}}
"""

_RELEASE = """
if redis.call('get', lease) == fence then
  redis.call('del', lease)
  redis.call('lpush', released, 1)
  redis.call('ltrim', released, 0, 0)
  expire(released)
end
"""

RELEASE = f"{_NEWS}\nlocal fence = ARGV[1]\n{_RELEASE}"

KEEP = """
-- Keep the lease for some more milliseconds, if it has a fence.
if redis.call('get', KEYS[1]) == ARGV[1] then redis.call('pexpire', KEYS[1], ARGV[2]) end
"""

COMMIT = f"""{_NEWS}
-- ARGV: fence, or nothing without the lease; epoch and number of the last known commit; prefix;
-- tokens of what was read and of what is changed; the changes, or nothing; what is logged of them;
-- whether to release the lease; the id of the commit
local fence, prefix, text = ARGV[1], ARGV[4], ARGV[7]
{EVICT}
if fence ~= '' then
  local held = redis.call('hmget', state, 'fence', 'commits')
  if held[1] ~= fence or epoch() ~= ARGV[2] then return {{'lost'}} end
  if redis.call('get', lease) ~= fence and held[2] ~= ARGV[3] then return {{'lost'}} end
elseif text ~= '' and redis.call('exists', lease) == 1 then
  return {{'busy'}}
end
local known_epoch = ARGV[2]
if text ~= '' and ARGV[3] == '0' then known_epoch = create(known_epoch, '') end
local found, conflicts = news(known_epoch, ARGV[3], ARGV[5])
if conflicts then return {{'conflict', found}} end
if text == '' then return {{'done', found, found[2]}} end
local changes, touched, staging = cjson.decode(text), {{}}, prefix .. 'staged:' .. ARGV[10] .. ':'
for name, count in pairs(changes.staged) do
  if redis.call('hlen', staging .. 'store:' .. name) ~= count then return {{'lost'}} end
end
local commit = redis.call('hincrby', state, 'commits', 1)
for _, name in ipairs(changes.replaced) do
  redis.call('unlink', prefix .. 'store:' .. name, prefix .. 'order:' .. name)
end
for name in pairs(changes.staged) do
  for _, key in ipairs({{'store:' .. name, 'order:' .. name}}) do
    if redis.call('exists', staging .. key) == 1 then
      redis.call('rename', staging .. key, prefix .. key)
      redis.call('persist', prefix .. key)
      touched[prefix .. key] = true
    end
  end
  redis.call('hset', state, 'base:' .. name, commit)
end
for index, row in ipairs(changes.rows) do
  local store, order = prefix .. 'store:' .. row[1], prefix .. 'order:' .. row[1]
  local is_limited = changes.capacities[row[1]]
  touched[store], touched[order] = true, true
  if row[3] == cjson.null then
    redis.call('hdel', store, row[2])
    if is_limited then redis.call('zrem', order, row[2]) end
  else
    redis.call('hset', store, row[2], commit .. ' ' .. index .. ' ' .. row[3])
    if is_limited then redis.call('zadd', order, commit * {IN_COMMIT} + index, row[2]) end
  end
end
local tokens = {{ARGV[6]}}
for name, capacity in pairs(changes.capacities) do
  if not changes.unlimited[name] then evict(name, capacity, tokens) end
end
for _, name in ipairs(changes.stores) do
  redis.call('hset', state, 'size:' .. name, redis.call('hlen', prefix .. 'store:' .. name))
end
for _, message in ipairs(changes.messages) do
  local list, count = prefix .. 'feed:' .. message[1], 'feed:' .. message[1]
  if message[3] == cjson.null then
    redis.call('del', list)
    redis.call('hset', state, count, 0)
  else
    if message[2] > 0 then
      redis.call('rpush', list, message[3])
      redis.call('ltrim', list, -message[2], -1)
    end
    redis.call('hincrby', state, count, 1)
  end
  touched[list] = true
end
redis.call(
  'xadd', log, 'maxlen', '~', {LOG_LENGTH}, commit .. '-0',
  'changes', ARGV[8] ~= '' and ARGV[8] or text, 'tokens', table.concat(tokens, ' '),
  'id', ARGV[10]
)
if redis.call('pttl', state) > 0 then
  touched[log] = true
  for key in pairs(touched) do expire(key) end
end
if ARGV[9] == '1' then
{_RELEASE}
end
return {{'done', found, commit}}
"""

FIND = f"""{_NEWS}
-- Return whether a commit was made. If not, exclude that it is made later, by one without changes.
-- ARGV: epoch and number of the last commit that it knew; its id; the token that it has read;
-- changes of nothing
local found, conflicts = news(ARGV[1], ARGV[2], '')
for _, made in ipairs(redis.call('xrange', log, '(' .. ARGV[2] .. '-0', '+')) do
  if made[2][6] == ARGV[3] then return {{'done', found, string.match(made[1], '%d+')}} end
end
local oldest = redis.call('xrange', log, '-', '+', 'count', 1)[1]
if oldest and string.match(oldest[1], '%d+') - ARGV[2] > 1 then return {{'unknown'}} end
if not conflicts and redis.call('exists', state) == 1 then
  local commit = redis.call('hincrby', state, 'commits', 1)
  redis.call('xadd', log, commit .. '-0', 'changes', ARGV[5], 'tokens', ARGV[4], 'id', '')
  expire(log)
end
return {{'excluded', found}}
"""

DELETE = """
-- Delete all keys except the log, in which an entry wakes the replicas that wait for a commit.
-- ARGV: prefix
local state, log, prefix = KEYS[1], KEYS[2], ARGV[1]
for _, field in ipairs(redis.call('hkeys', state)) do
  local kind, name = string.match(field, '^(%a+):(.*)$')
  if kind == 'size' then
    redis.call('unlink', prefix .. 'store:' .. name, prefix .. 'order:' .. name)
  elseif kind == 'feed' then
    redis.call('unlink', prefix .. 'feed:' .. name)
  end
end
redis.call('unlink', state, KEYS[3], KEYS[4])
redis.call('xadd', log, 'nomkstream', '*', 'changes', '')
"""

SCRIPTS = (READ, ACQUIRE, RELEASE, COMMIT, FIND)
"""Those that every process needs."""
