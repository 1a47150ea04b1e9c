/**
 * Yields the results of tasks in their order while up to `limit` of them are under way or wait to be taken.
 *
 * @throws whatever a task throws, when its turn has come; tasks still under way are then left to themselves
 */
export async function* readAhead<Task, Result>(
  tasks: Iterable<Task>,
  limit: number,
  start: (task: Task) => Promise<Result>,
): AsyncGenerator<Result, void, undefined> {
  const queue: Promise<Result>[] = [];
  const next = tasks[Symbol.iterator]();
  const fill = (): void => {
    while (queue.length < limit) {
      const { done, value } = next.next();
      if (done === true) return;
      const result = start(value);
      // It is told when its turn comes; until then Node must not take it for unhandled.
      result.catch(() => undefined);
      queue.push(result);
    }
  };
  for (fill(); queue.length > 0; fill()) {
    const result = await queue.shift();
    // Undefined is a result like another: the queue was not empty.
    yield result as Result;
  }
}
