/** What a thread of the image decoder does. */
import { readFile } from "node:fs/promises";
import { parentPort } from "node:worker_threads";
import sharp from "sharp";
import { takeView } from "../runtime/data/take-view.ts";
import { decodeImage } from "./decode-image.ts";
import { codeOf } from "./file-problem.ts";
import type { ImageAnswer, ImageTask } from "./image-decoder.ts";

sharp.concurrency(1);
sharp.cache(false);

parentPort?.on("message", async (task: ImageTask) => {
  const answer = await decode(task);
  parentPort?.postMessage(answer, "pixels" in answer ? [answer.pixels.buffer as ArrayBuffer] : []);
});

async function decode({ id, path, view }: ImageTask): Promise<ImageAnswer> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (error) {
    return { id, reason: reasonOf(error), code: codeOf(error) ?? "EIO" };
  }
  try {
    const whole = await decodeImage(bytes);
    return { id, ...takeView(whole, view) };
  } catch (error) {
    return { id, reason: reasonOf(error) };
  }
}

/** Decoders write several lines; the first says it. */
function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.split("\n")[0] ?? text;
}
