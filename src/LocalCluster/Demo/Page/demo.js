// Shows the demo's figures twice a second.
(() => {
  const silos = document.querySelector("[data-silos]");
  const visitors = document.querySelector("[data-visitors]");
  const live = document.querySelector("[data-live]");
  const show = (name, text) => { document.querySelector(`[data-figure="${name}"]`).textContent = text; };
  const element = (name, text, properties = {}) => Object.assign(document.createElement(name), { textContent: text ?? "" }, properties);

  const draw = state => {
    const places = new Map(state.silos.map((silo, i) => [silo.name, i % 6 + 1]));
    show("lost", state.lost);
    show("failed", state.failed);
    show("requests", state.requests.toLocaleString("en"));
    show("kills", state.kills.length);
    show("slowest", state.slowestMs < 1000 ? `${state.slowestMs} ms` : `${(state.slowestMs / 1000).toFixed(1)} s`);
    show("next", `in ${state.nextKillSeconds} s`);
    document.querySelectorAll(".proof").forEach(figure => figure.classList.toggle("broken", state.lost + state.failed > 0));
    silos.replaceChildren(...state.silos.map(silo => {
      const item = element("li", null, { className: `silo ${silo.isReady ? `of-${places.get(silo.name)}` : "down"}` });
      const killed = state.kills.filter(kill => kill.silo === silo.name);
      item.append(
        element("strong", silo.name),
        element("span", silo.processId ? `${silo.state}, pid ${silo.processId}` : silo.state),
        element("span", killed.length ? `killed at ${killed.map(kill => new Date(kill.at).toTimeString().slice(0, 8)).slice(-3).join(", ")}` : "not killed yet"));
      return item;
    }));
    visitors.replaceChildren(...state.visitors.map((visitor, i) => element("li", visitor.items, {
      className: `shopper of-${places.get(visitor.silo) ?? 0}${visitor.isWaiting ? " waiting" : ""}`,
      title: `visitor ${i + 1}: ${visitor.items} items, ${visitor.silo ?? "silo not known yet"}, ${visitor.frontend ?? "no answer yet"}`,
    })));
    live.textContent = `Live, as of ${new Date().toTimeString().slice(0, 8)}.`;
  };

  const next = async () => {
    try {
      const response = await fetch("/demo/state", { cache: "no-store" });
      if (response.ok) {
        draw(await response.json());
      }
    } catch {
      live.textContent = "The cluster has stopped.";
    }

    setTimeout(next, 500);
  };

  next();
})();
