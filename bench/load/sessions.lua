-- The requests that wrk sends, in its one thread. Arguments after "--":
--   COOKIES   a file with one Cookie header value per line, or "-": requests without a session
--   THINK     MIN:MAX, milliseconds between a response and the connection's next request; 0:0 for none
--   FOLLOW    "follow": use a cookie set by a response next; "-": ignore it, which costs wrk less
--   then      METHOD PATH WEIGHT, once or more: requests are drawn by weight
-- Requests cycle through the cookies, so two meet in one session only if there are fewer sessions than connections.

local kinds, total = {}, 0
local cookies, turn = {}, 0
local think_min, think_max
local fresh, first, last = {}, 1, 0

local function format(kind, cookie)
  return wrk.format(kind.method, kind.path, cookie and { Cookie = cookie } or {})
end

local function follow(_, headers)
  local set = headers["Set-Cookie"]
  if set then
    last = last + 1
    fresh[last] = set:match("^[^;]+")
  end
end

local function think()
  return math.random(think_min, think_max)
end

function init(args)
  if args[1] == "-" then
    cookies[1] = false
  else
    for line in io.lines(args[1]) do
      cookies[#cookies + 1] = line
    end
  end

  for i = 4, #args, 3 do
    total = total + tonumber(args[i + 2])
    local kind = { method = args[i], path = args[i + 1], below = total, prepared = {} }
    for turn, cookie in ipairs(cookies) do
      kind.prepared[turn] = format(kind, cookie)
    end
    kinds[#kinds + 1] = kind
  end

  -- wrk looks for these functions after init.
  think_min, think_max = args[2]:match("^(%d+):(%d+)$")
  if tonumber(think_max) > 0 then
    delay = think
  end
  if args[3] == "follow" then
    response = follow
  end
end

local function draw()
  local point = #kinds > 1 and math.random() * total or 0
  for _, kind in ipairs(kinds) do
    if point < kind.below then
      return kind
    end
  end
end

function request()
  local kind = draw()
  if first <= last then
    first = first + 1
    return format(kind, fresh[first - 1])
  end
  turn = turn % #cookies + 1
  return kind.prepared[turn]
end

-- One machine-readable line; times in microseconds.
function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '{"requests":%d,"duration":%d,"p50":%d,"p99":%d,"p999":%d,"max":%d,"failed":%d,"disconnected":%d}\n',
    summary.requests, summary.duration,
    latency:percentile(50), latency:percentile(99), latency:percentile(99.9), latency.max,
    errors.status, errors.connect + errors.read + errors.write + errors.timeout))
end
