-- Requests at a fixed rate, whether answers come or not: people do not wait for each other.
-- Each is due at a moment of its own. Where every connection is busy then, or this client is, it goes
-- out late, and that is part of what its person waits.
local ffi = require("ffi")
ffi.cdef [[
  typedef struct { long seconds; long nanoseconds; } moment;
  int clock_gettime(int clock, moment *now);
]]
local MONOTONIC, TENTHS = 1, 10
local interval = 1000 / tonumber(os.getenv("PACED_RATE")) -- ms between two requests of this thread
local script = os.getenv("PACED_SCRIPT")
if script ~= "" then dofile(script) end
local ask, set_up = request, setup
local moment, threads = ffi.new("moment[1]"), {}
local begun, planned, page = nil, 0, nil
sent, late = 0, {} -- tenths of a millisecond: how many went out so late

local function now()
  ffi.C.clock_gettime(MONOTONIC, moment)
  return tonumber(moment[0].seconds) * 1e3 + tonumber(moment[0].nanoseconds) / 1e6
end

function setup(thread)
  if set_up then set_up(thread) end
  threads[#threads + 1] = thread
end

function delay()
  local at = now()
  begun = begun or at
  local wait = begun + planned * interval - at
  planned = planned + 1
  return math.max(0, math.floor(wait))
end

function request()
  if begun then -- wrk asks for one before it begins, to look at it
    local by = math.floor((now() - begun - sent * interval) * TENTHS)
    sent = sent + 1
    if by > 0 then late[by] = (late[by] or 0) + 1 end
  end
  if ask then return ask() end
  page = page or wrk.format()
  return page
end

local function lateness()
  local all, number = {}, 0
  for _, thread in ipairs(threads) do
    number = number + thread:get("sent")
    for by, times in pairs(thread:get("late")) do all[by] = (all[by] or 0) + times end
  end
  local steps = {}
  for by in pairs(all) do steps[#steps + 1] = by end
  table.sort(steps, function(a, b) return a > b end)
  return function(share) -- by how many ms all but a share of 1 - `share` were late at most
    local more = 0
    for _, by in ipairs(steps) do
      more = more + all[by]
      if more > (1 - share) * number then return (by + 1) / TENTHS end
    end
    return 0
  end
end

function done(summary, latency)
  local late_by = lateness()
  local function waited(share) -- as if those who were sent late were those who were answered late, too
    return latency:percentile(share * 100) / 1e3 + late_by(share)
  end
  local failed = summary.errors
  io.write(string.format(
    '{"per_second":%.1f,"p50":%.3f,"p99":%.3f,"p999":%.3f,"longest":%.3f,"late":%.3f,"errors":%d}\n',
    summary.requests / summary.duration * 1e6, waited(0.5), waited(0.99), waited(0.999),
    latency.max / 1e3 + late_by(1), late_by(0.99),
    failed.connect + failed.read + failed.write + failed.status + failed.timeout
  ))
end
