-- 340 page requests for every signature, as on the UK Parliament's worst day.
local numbers, threads = 0, 0
function setup(thread)
  thread:set("mine", threads)
  threads = threads + 1
end
function init()
  page = wrk.format("GET", nil, { ["Accept-Encoding"] = "br" })
  form = { ["Content-Type"] = "application/x-www-form-urlencoded" }
  started = os.time()
end
function request()
  numbers = numbers + 1
  if numbers % 341 ~= 0 then return page end
  local who = "s" .. mine .. "-" .. started .. "-" .. numbers
  local body = "name=Storm&email=storm." .. who .. "%40example.org&country=ES&website="
  return wrk.format("POST", wrk.path .. "sign", form, body)
end
