/** Milliseconds of work after which others have their turn. */
const patience = 50;

/** Not by a timer, which pages in the background get once a second or less. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    if (typeof setImmediate === "function") {
      setImmediate(resolve);
      return;
    }
    const { port1, port2 } = new MessageChannel();
    const onmessage = () => {
      port1.close();
      resolve();
    };
    Object.assign(port1, { onmessage });
    port2.postMessage(undefined);
  });
}

/**
 * A function to await between pieces of work: now and then it lets signals, timers and a page's events arrive. Some
 * engines compute without ever waiting for anything, so that nothing else would.
 */
export function takeTurns(): () => Promise<void> {
  let since = performance.now();
  return async () => {
    if (performance.now() - since < patience) return;
    await nextTurn();
    since = performance.now();
  };
}
