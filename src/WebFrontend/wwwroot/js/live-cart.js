// Keeps the number in the cart up to date, whichever tab or device of the session changes it. Without this script the next page shows it.
// It speaks SignalR's JSON protocol to one hub: messages end with a record separator. SignalR's own client would be 48 KB more.
(() => {
  const cart = document.querySelector("[data-live-cart^='/']");
  if (!cart) {
    return;
  }

  const end = "\u001e";
  const types = { invocation: 4, item: 2, completion: 3, ping: 6, close: 7 };
  const pingInterval = 15000;
  const shortest = 5000;
  const longest = 60000;
  let patience = shortest;
  let socket = null;
  const isSignedOut = () => document.querySelector("[data-signed-in]")?.hidden === false;

  const show = count => {
    const badge = cart.querySelector(".badge");
    badge.hidden = count === 0;
    badge.querySelector("[data-count]").textContent = count;
    badge.querySelector(".visually-hidden").textContent = count === 1 ? " item" : " items";
  };

  // Only while the page is visible, as the stream of the sign-in.
  const open = () => {
    if (socket || document.hidden || isSignedOut()) {
      return;
    }

    const opened = new WebSocket(new URL(cart.dataset.liveCart, location.href.replace(/^http/, "ws")));
    const send = message => opened.send(JSON.stringify(message) + end);
    let pings = 0;
    socket = opened;
    opened.onopen = () => {
      send({ protocol: "json", version: 1 });
      send({ type: types.invocation, invocationId: "cart", target: "Count", arguments: [] });
      pings = setInterval(() => send({ type: types.ping }), pingInterval);
      cart.dataset.live = "open";
    };
    opened.onmessage = event => {
      for (const text of event.data.split(end).filter(Boolean)) {
        const message = JSON.parse(text);
        if (message.type === types.item) {
          show(message.item);
          patience = shortest;
        } else if (message.error || message.type === types.completion || message.type === types.close) {
          opened.close();
        }
      }
    };
    opened.onclose = () => {
      clearInterval(pings);
      cart.dataset.live = "closed";
      if (socket === opened) {
        socket = null;
        setTimeout(open, patience * (0.5 + Math.random()));
        patience = Math.min(2 * patience, longest);
      }
    };
  };

  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) {
      open();
    } else if (socket) {
      const closing = socket;
      socket = null;
      closing.close();
    }
  });
  open();
})();
