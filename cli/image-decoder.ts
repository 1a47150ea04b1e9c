import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import { Worker } from "node:worker_threads";
import type { DecodeRequest, ImageDecoder, RgbImage, View } from "../runtime/data/index.ts";
import { CorruptFile } from "../runtime/files.ts";
import { readingProblem } from "./reading-problem.ts";

/** What a thread is asked. */
export interface ImageTask {
  readonly id: number;
  /** Absolute. */
  readonly path: string;
  readonly view: View | undefined;
}

/** What it answers. */
export type ImageAnswer =
  | ({ readonly id: number } & RgbImage)
  /** With the system's code where the file could not be read, without where it is no image. */
  | { readonly id: number; readonly reason: string; readonly code?: string };

interface Waiting {
  readonly file: string;
  readonly take: (image: RgbImage) => void;
  readonly fail: (error: unknown) => void;
}

interface Thread {
  readonly worker: Worker;
  /** By the number of the task. */
  readonly waiting: Map<number, Waiting>;
}

export interface ImageDecoderOptions {
  /** As many as the machine has cores but one, at most 8, unless told. */
  readonly threads?: number;
  /** The thread's program; the one of the bundle unless told. */
  readonly program?: URL;
}

const mostThreads = 8;

/** Lies beside the bundle; run from the sources, this takes what was last built. */
const bundledProgram = new URL(
  import.meta.url.endsWith(".ts") ? "../dist/image-worker.js" : "./image-worker.js",
  import.meta.url,
);

/**
 * Decodes images below a folder in threads of their own, which are started with the first request. They do not keep the process
 * alive while nothing is asked of them.
 */
export function imageDecoder(
  folder: string,
  {
    threads = Math.max(1, Math.min(mostThreads, availableParallelism() - 1)),
    program = bundledProgram,
  }: ImageDecoderOptions = {},
): ImageDecoder {
  let crew: readonly Thread[] | undefined;
  let tasks = 0;
  const decode = ({ file, view }: DecodeRequest): Promise<RgbImage> => {
    crew ??= Array.from({ length: threads }, () => startThread(program));
    const thread = crew.reduce((idle, other) =>
      other.waiting.size < idle.waiting.size ? other : idle,
    );
    const id = tasks++;
    return new Promise((take, fail) => {
      if (thread.waiting.size === 0) thread.worker.ref();
      thread.waiting.set(id, { file, take, fail });
      const task: ImageTask = { id, path: resolve(folder, file), view };
      thread.worker.postMessage(task, []);
    });
  };
  const close = async (): Promise<void> => {
    const dismissed = crew ?? [];
    crew = undefined;
    // An answer that comes late would let go of its thread, and the process would end while it waits for it.
    for (const { worker } of dismissed) worker.removeAllListeners("message");
    await Promise.all(dismissed.map(({ worker }) => worker.terminate()));
  };
  return { decode, close };
}

function startThread(program: URL): Thread {
  // Without the program's own flags, which may be meant for its main script alone.
  const thread = { worker: new Worker(program, { execArgv: [] }), waiting: new Map() };
  const { worker } = thread;
  worker.on("message", (answer: ImageAnswer) => deliver(thread, answer));
  worker.on("error", (error) => failAll(thread, error));
  worker.on("exit", () => failAll(thread, new Error("The decoder of images was closed.")));
  worker.unref();
  return thread;
}

function deliver({ worker, waiting }: Thread, answer: ImageAnswer): void {
  const { file, take, fail } = waiting.get(answer.id)!;
  waiting.delete(answer.id);
  if (waiting.size === 0) worker.unref();
  if ("pixels" in answer) take({ ...answer });
  else if (answer.code !== undefined) fail(readingProblem(file, answer.code));
  else fail(brokenImage(file, answer.reason));
}

function failAll({ waiting }: Thread, error: unknown): void {
  for (const { fail } of waiting.values()) fail(error);
  waiting.clear();
}

function brokenImage(file: string, reason: string): CorruptFile {
  const problem = `is no image that can be read: ${reason}`;
  return new CorruptFile(file, problem, "Replace it by a whole one, or remove it.");
}
