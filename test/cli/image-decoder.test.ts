/** Threads that decode: what is alive when. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";
import { expect, it, vi } from "vitest";
import { imageDecoder } from "../../cli/image-decoder.ts";
import { fakeTerminal } from "./fake-terminal.ts";

it("an answer that comes while threads are dismissed lets go of none: the process would end before they have", async () => {
  const { folder } = fakeTerminal({});
  const program = join(folder, "thread.mjs");
  writeFileSync(
    program,
    `import { parentPort } from "node:worker_threads";
     parentPort.on("message", ({ id }) => parentPort.postMessage({ id, reason: "broken" }));`,
  );
  const decoder = imageDecoder(folder, { threads: 1, program: pathToFileURL(program) });
  const tasks = ["first", "second"].map((file) => decoder.decode({ file }));
  const failures = Promise.allSettled(tasks);
  await expect(tasks[0]).rejects.toThrow("broken");
  // Until the second answer waits to be delivered.
  for (const end = performance.now() + 100; performance.now() < end;);
  const letGo = vi.spyOn(Worker.prototype, "unref");
  await decoder.close();
  expect(letGo).not.toHaveBeenCalled();
  for (const { status } of await failures) expect(status).toBe("rejected");
  vi.restoreAllMocks();
});
