// Advances the status bar's clocks from the server's values. Without this script they show the time of the response.
(() => {
  const pad = number => String(number).padStart(2, "0");
  const print = seconds => {
    const hours = Math.floor(seconds / 3600);
    const minutes = Math.floor(seconds / 60) % 60;
    const rest = `${pad(seconds % 60)}`;
    return hours > 0 ? `${hours}:${pad(minutes)}:${rest}` : `${minutes}:${rest}`;
  };

  const clocks = [...document.querySelectorAll("[data-clock]")].map(element => ({
    element,
    from: Number(element.dataset.seconds),
    direction: element.dataset.clock === "down" ? -1 : 1,
  }));
  if (clocks.length === 0) {
    return;
  }

  // Measures only the time since the page loaded, so the browser's clock need not be right.
  const start = Date.now();
  setInterval(() => {
    const elapsed = Math.floor((Date.now() - start) / 1000);
    for (const { element, from, direction } of clocks) {
      element.textContent = print(Math.max(0, from + direction * elapsed));
      element.classList.toggle("clock-over", direction < 0 && from <= elapsed);
    }
  }, 1000);
})();
