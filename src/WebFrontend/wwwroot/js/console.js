// Keeps an open console up to date. Without this script it shows the moment of its response, and "Refresh" the next.
(() => {
  const figures = document.querySelector("[data-console]");
  if (!figures) {
    return;
  }

  const samples = 60;
  const lines = 100;

  // The server ends each stream after a minute, and the browser opens the next within seconds: that is no news.
  const patience = 10000;
  const connection = document.querySelector("[data-connection]");
  const asOf = document.querySelector("[data-as-of]");
  const pause = document.querySelector("[data-pause]");
  const silos = document.querySelector("[data-silos]");
  const audit = document.querySelector("[data-audit]");
  const history = { created: [], ended: [], commits: [] };
  let before = null;
  let paused = false;
  let held = { statistics: null, events: [] };
  let lost = 0;

  const element = (name, text, properties = {}) => Object.assign(document.createElement(name), { textContent: text ?? "" }, properties);
  const sum = (statistics, name) => statistics.silos.reduce((total, silo) => total + silo[name], 0);
  const show = (name, text) => { document.querySelector(`[data-figure="${name}"]`).textContent = text; };
  const clock = at => new Date(at).toISOString().slice(11, 19);

  // Rates, from what two answers of the same silos differ in. A silo that started anew begins at 0.
  const rate = (name, now) => {
    const seconds = (new Date(now.at) - new Date(before.at)) / 1000;
    const older = new Map(before.silos.map(silo => [silo.silo, silo[name]]));
    const grown = now.silos.reduce((total, silo) => total + Math.max(0, silo[name] - (older.get(silo.silo) ?? silo[name])), 0);
    return seconds > 0 ? grown / seconds : 0;
  };

  const draw = name => {
    const values = history[name];
    const top = Math.max(1, ...values);
    document.querySelector(`[data-spark="${name}"]`).setAttribute("points",
      values.map((value, i) => `${(i + samples - values.length) * 120 / (samples - 1)},${26 - value / top * 24}`).join(" "));
  };

  const showSilos = statistics => {
    const all = Math.max(1, sum(statistics, "inMemory"));
    silos.replaceChildren(...statistics.silos.map(silo => {
      const row = element("tr");
      const share = element("td");
      share.append(silo.hasAnswered
        ? Object.assign(element("meter", silo.inMemory), { min: 0, max: all, value: silo.inMemory, ariaLabel: `${silo.silo}: share of the sessions in memory` })
        : element("span", "no answer", { className: "muted" }));
      row.append(element("th", silo.silo, { scope: "row" }), share, element("td", silo.inMemory, { className: "number" }));
      return row;
    }));
  };

  // Screen readers speak this text whenever it is set.
  const tell = text => {
    if (connection.textContent !== text) {
      connection.textContent = text;
    }
  };

  const showTime = () => {
    if (before) {
      asOf.textContent = `${paused ? "Paused as" : "As"} of ${clock(before.at)} UTC.`;
    }
  };

  const showStatistics = statistics => {
    show("stored", statistics.stored);
    show("inMemory", sum(statistics, "inMemory"));
    for (const name of before ? Object.keys(history) : []) {
      const value = rate(name, statistics);
      history[name] = [...history[name], value].slice(-samples);
      show(name, value < 10 ? value.toFixed(1) : Math.round(value));
      draw(name);
    }

    if (before) {
      document.querySelectorAll("[data-unit]").forEach(unit => { unit.textContent = "per second"; });
    }

    before = statistics;
    showTime();
    showSilos(statistics);
  };

  const showEvent = told => {
    const row = element("tr");
    const cell = content => {
      const made = element("td");
      made.append(content);
      return made;
    };
    let user = "";
    if (told.user) {
      user = element("a", null, { href: `/console/user?userKey=${encodeURIComponent(told.user)}` });
      user.append(element("code", told.user.slice(0, 8)));
    }

    row.append(
      cell(element("time", clock(told.at), { dateTime: told.at })),
      cell(element("span", told.kind, { className: `event event-${told.kind.split(" ")[0].toLowerCase()}` })),
      cell(element("code", told.session)),
      cell(user),
      element("td", told.detail));
    audit?.prepend(row);
    while (audit?.rows.length > lines) {
      audit.deleteRow(-1);
    }
  };

  const source = new EventSource(figures.dataset.console);
  source.addEventListener("statistics", event => {
    clearTimeout(lost);
    lost = 0;
    tell("Connected.");
    const statistics = JSON.parse(event.data);
    if (paused) {
      held.statistics = statistics;
    } else {
      showStatistics(statistics);
    }
  });

  source.addEventListener("audit", event => {
    const told = JSON.parse(event.data);
    if (paused) {
      held.events = [...held.events, told].slice(-lines);
    } else {
      showEvent(told);
    }
  });

  source.onerror = () => {
    if (source.readyState === EventSource.CLOSED) {
      // Refused: the sign-in has ended, or the server has too many streams.
      clearTimeout(lost);
      tell("Not connected. Reload the page.");
    } else {
      lost ||= setTimeout(() => tell("Not connected. Trying again."), patience);
    }
  };

  // The stream goes on meanwhile, and nothing is missing afterwards.
  pause.addEventListener("click", () => {
    paused = !paused;
    pause.setAttribute("aria-pressed", paused);
    showTime();
    if (!paused) {
      const { statistics, events } = held;
      held = { statistics: null, events: [] };
      if (statistics) {
        showStatistics(statistics);
      }

      events.forEach(showEvent);
    }
  });
  pause.hidden = false;
})();
