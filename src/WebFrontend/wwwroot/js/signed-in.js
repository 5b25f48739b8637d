// Tells an open page that its session has ended. Without this script the next request does.
(() => {
  const notice = document.querySelector("[data-signed-in]");
  if (!notice) {
    return;
  }

  const patience = 5000;
  let source = null;
  const close = () => {
    source?.close();
    source = null;
  };

  // Only while the page is visible: a browser has few connections per server, and all tabs share them.
  const open = () => {
    if (source || document.hidden || !notice.hidden) {
      return;
    }

    source = new EventSource(notice.dataset.signedIn);
    source.addEventListener("ended", () => {
      close();
      notice.hidden = false;
    });
    source.onerror = () => {
      // The browser repeats broken connections by itself, but not refused ones.
      if (source?.readyState === EventSource.CLOSED) {
        close();
        setTimeout(open, patience);
      }
    };
  };

  document.addEventListener("visibilitychange", () => document.hidden ? close() : open());
  open();
})();
