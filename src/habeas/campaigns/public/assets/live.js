/* What pages gain where scripts run: the count as it moves, and buttons that copy and share; in a
   partner's frame, its height. Everything works without. It asks this door only, keeps nothing and makes its buttons itself (docs/design.md). */

const page = document.documentElement;
const SOONEST = 5_000, LATEST = 60_000, PATIENT = 600_000, BETWEEN_WORDS = 60_000; // milliseconds

const status = document.createElement("p");
status.className = "unseen";
status.setAttribute("role", "status");
document.body.append(status);

/* Asks for the count while somebody looks, less and less often, and says it aloud once a minute at most. */
function follow(count) {
  const { live, forms, digits, exact } = count.dataset;
  const words = JSON.parse(forms);
  const plural = new Intl.PluralRules(page.lang);
  const number = new Intl.NumberFormat(page.lang, { numberingSystem: digits, useGrouping: "always" });
  let wait = SOONEST, asked = Date.now(), said = asked, shown = Number(count.dataset.count), timer;

  function later() {
    clearTimeout(timer);
    if (document.hidden) return;
    // Never sooner than `wait`, and not everybody at the same moment after an outage.
    timer = setTimeout(ask, Math.max(0, asked + wait * (1 + Math.random() / 5) - Date.now()));
  }

  async function ask() {
    asked = Date.now();
    try {
      const answer = await fetch(live, { credentials: "omit", signal: AbortSignal.timeout(SOONEST) });
      if (!answer.ok) throw new Error(answer.status);
      tell(await answer.json());
      wait = Math.min(wait * 1.2, LATEST);
    } catch {
      wait = Math.min(wait * 3, PATIENT);
    }
    later();
  }

  function tell({ total, is_exact }) {
    // Where no number is told, or it is now told otherwise, the page stays as the door wrote it.
    if (!total || total === shown || is_exact !== (exact === "")) return;
    const [before, after] = (words[plural.select(total)] ?? words.other).split("#");
    const [strong, rest] = ["b", "span"].map((name) => document.createElement(name));
    strong.textContent = number.format(total);
    rest.textContent = after;
    count.replaceChildren(before, strong, rest);
    count.dataset.count = shown = total;
    reach(total);
    if (Date.now() - said < BETWEEN_WORDS) return;
    said = Date.now();
    status.textContent = count.textContent;
  }

  function reach(total) {
    const bar = count.parentElement.querySelector("progress");
    if (!bar) return;
    const next = bar.dataset.goals.split(" ").map(Number).find((goal) => goal > total);
    if (!next) return bar.parentElement.remove();
    const label = bar.nextElementSibling;
    label.textContent = label.textContent.replace(number.format(bar.max), number.format(next));
    bar.max = next;
    bar.value = total;
  }

  document.addEventListener("visibilitychange", later);
  later();
}

function button(beside, words, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = words;
  made.addEventListener("click", () => act(made).catch(() => {})); // who closes the share sheet made no mistake
  if (beside.localName !== "ul") return beside.after(made);
  const item = document.createElement("li");
  item.append(made);
  beside.prepend(item);
}

/* Copies an address, or the text of what the words stand at. */
function copying(beside) {
  const { copy, copied, link } = beside.dataset;
  button(beside, copy, async (made) => {
    await navigator.clipboard.writeText(link ?? beside.textContent);
    made.textContent = status.textContent = copied;
    setTimeout(() => { made.textContent = copy; status.textContent = ""; }, 3_000);
  });
}

/* In a partner's frame: tells how high the form is, and nothing else. */
if (parent !== window && "framed" in page.dataset) {
  new ResizeObserver(() => parent.postMessage({ height: Math.ceil(page.getBoundingClientRect().height) }, "*")).observe(page);
}

document.querySelectorAll("[data-live]").forEach(follow);
if (navigator.clipboard) document.querySelectorAll("[data-copy]").forEach(copying);
if (navigator.share) {
  for (const beside of document.querySelectorAll("[data-send]")) {
    const { send, text, link: url } = beside.dataset;
    button(beside, send, () => navigator.share({ text, url }));
  }
}
