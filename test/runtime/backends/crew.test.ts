import { EventEmitter } from "node:events";
import { describe, expect, it } from "vitest";
import { firstMessage } from "../../../runtime/backends/wasm/crew.ts";

describe("waiting for a worker of the crew", () => {
  it("ends with its first message, and swallows no error that comes later", async () => {
    const worker = new EventEmitter();
    const ready = firstMessage(worker as never);
    worker.emit("message", "ready");
    expect(await ready).toBe("ready");
    expect(() => worker.emit("error", new Error("crashed"))).toThrow("crashed");
  });

  it("fails with the error that comes before", async () => {
    const worker = new EventEmitter();
    const ready = firstMessage(worker as never);
    worker.emit("error", new Error("no memory"));
    await expect(ready).rejects.toThrow("no memory");
    expect(worker.listenerCount("message")).toBe(0);
  });
});
