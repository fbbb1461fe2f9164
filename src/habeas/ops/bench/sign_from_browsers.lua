-- Unique people signing as they do: names of several scripts, all that a browser sends, and a network of
-- their own each, as a proxy tells it. bench/wrk.py gives the forms, a line each, without their addresses.
local NETWORKS, STRIDE = 200 * 65536, 7919 -- as in bench/forms.py
local numbers, threads, people = 0, 0, {}
local before, after
for form in string.gmatch(os.getenv("SIGN_PEOPLE"), "[^\n]+") do people[#people + 1] = form .. "&website=&email=someone." end
function setup(thread)
  thread:set("mine", threads)
  threads = threads + 1
end
function init()
  wrk.method = "POST"
  wrk.headers["Content-Type"] = "application/x-www-form-urlencoded"
  wrk.headers["Origin"] = "http://" .. wrk.host .. ":" .. wrk.port
  begun = mine .. "-" .. os.time() .. "-"
  local model = wrk.format(nil, wrk.path .. "sign", nil, "x")
  local from, to = string.find(model, "Content-Length: 1\r\n", 1, true)
  before = string.sub(model, 1, to - 3)
  after = string.sub(model, to - 1, #model - 1)
end
function request()
  numbers = numbers + 1
  local block = (2 * numbers + mine) * STRIDE % NETWORKS
  local network = string.format("%d.%d.%d.1", 1 + block / 65536, block / 256 % 256, block % 256)
  local body = people[numbers % #people + 1] .. begun .. numbers .. "%40example.org"
  return before .. #body .. "\r\nX-Forwarded-For: " .. network .. after .. body
end
