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
  if (view?.kind === "size") {
    const size = await sizeOf(path);
    if (size) return { id, ...size, pixels: new Uint8Array() };
  }
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
    return { id, reason: inWords(reasonOf(error)) };
  }
}

/** By the file's beginning alone; nothing where that does not tell, and decoding will say why. */
async function sizeOf(path: string): Promise<{ height: number; width: number } | undefined> {
  const { height, width } = await sharp(path)
    .metadata()
    .catch(() => ({ height: 0, width: 0 }));
  return height > 0 && width > 0 ? { height, width } : undefined;
}

/** Decoders write several lines; the first says it. */
function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.split("\n")[0] ?? text;
}

/** What decoders say of files that break off, which only their authors understand. */
const cutOff = /^Unknown error|read error|premature end|corrupt header/i;

function inWords(reason: string): string {
  return cutOff.test(reason) ? "it is cut off or damaged" : reason;
}
