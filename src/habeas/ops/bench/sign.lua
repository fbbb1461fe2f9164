-- Unique people signing: every request is somebody else.
local numbers, threads = 0, 0
function setup(thread)
  thread:set("mine", threads)
  threads = threads + 1
end
function init()
  wrk.method = "POST"
  wrk.headers["Content-Type"] = "application/x-www-form-urlencoded"
  started = os.time()
end
function request()
  numbers = numbers + 1
  local who = mine .. "-" .. started .. "-" .. numbers
  local body = "name=Mar%C3%ADa+Ib%C3%A1%C3%B1ez+" .. who .. "&email=maria." .. who .. "%40example.org&country=ES&website=&updates=on"
  return wrk.format(nil, wrk.path .. "sign", nil, body)
end
