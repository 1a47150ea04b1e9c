/** Milliseconds of work after which others have their turn. */
const patience = 50;

/**
 * A function to await between pieces of work: now and then it lets signals, timers and a page's events arrive. Some
 * engines compute without ever waiting for anything, so that nothing else would.
 */
export function takeTurns(): () => Promise<void> {
  let since = performance.now();
  return async () => {
    if (performance.now() - since < patience) return;
    await new Promise<void>((resolve) => void setTimeout(resolve));
    since = performance.now();
  };
}
