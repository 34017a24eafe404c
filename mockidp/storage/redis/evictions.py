"""How a commit evicts entries on the server, and tells this to those who have read them.

Only the server knows which entries these are: since a replica has followed, others may have evicted
those that it would expect.
"""

TOKEN = 8
"""How many hexadecimal digits a token has: the first ones of a SHA-1 hash."""
EACH = 100
"""If a commit evicts more entries of a store, it conflicts with all who have read in the store."""
EVICT = f"""
-- Evict entries of a store until it has its capacity. Add the tokens of what their readers have
-- read, as `reads.tokens_of` returns them.
local function evict(name, capacity, tokens)
  local store, order = prefix .. 'store:' .. name, prefix .. 'order:' .. name
  local more = redis.call('zcard', order) - capacity
  if more <= 0 then return end
  local function changed(...)
    local read = table.concat({{...}}, string.char(0))
    table.insert(tokens, string.sub(redis.sha1hex(read), 1, {TOKEN}))
  end
  changed(name)
  if more > {EACH} then changed('*', name) end
  local oldest = redis.call('zpopmin', order, more)
  for place = 1, #oldest, 2 do
    local key = oldest[place]
    if more <= {EACH} then
      changed(name, key)
      local written = redis.call('hget', store, key) or ''
      local state = string.match(written, '^%d+ %d+ ([^\\n]*)')
      for index, values in pairs(state and cjson.decode(state)[5] or {{}}) do
        for _, value in ipairs(values) do changed(name, index, value) end
      end
    end
    redis.call('hdel', store, key)
  end
end
"""
