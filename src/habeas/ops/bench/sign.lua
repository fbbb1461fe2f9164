-- Unique people signing: every request is somebody else.
-- All but the person is put together once: the client takes its share of the cores the door runs on.
local numbers, threads = 0, 0
local before, after, fixed
local FIRST, SECOND, THIRD = "name=Mar%C3%ADa+Ib%C3%A1%C3%B1ez+", "&email=maria.", "%40example.org&country=ES&website=&updates=on"
function setup(thread)
  thread:set("mine", threads)
  threads = threads + 1
end
function init()
  wrk.method = "POST"
  wrk.headers["Content-Type"] = "application/x-www-form-urlencoded"
  people = mine .. "-" .. os.time() .. "-"
  local model = wrk.format(nil, wrk.path .. "sign", nil, "x")
  local from, to = string.find(model, "Content-Length: 1\r\n", 1, true)
  before = string.sub(model, 1, to - 3)
  after = string.sub(model, to - 1, #model - 1)
  fixed = #FIRST + #SECOND + #THIRD
end
function request()
  numbers = numbers + 1
  local who = people .. numbers
  return before .. fixed + 2 * #who .. after .. FIRST .. who .. SECOND .. who .. THIRD
end
