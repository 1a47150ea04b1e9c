import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { type Browser, chromium, type Page } from "playwright-core";
import { type PageFiles, servePage } from "./serve-page.ts";

/** Pages that run bundles of our TypeScript in a headless Chromium. */
export type Chromium = {
  /** For instance "148.0.7778.96". */
  readonly version: string;
  /**
   * Bundles a TypeScript file for browsers and opens it as a page, which lasts until the browser is closed.
   * @param script path of the file from the repository's root; its exports can be called
   * @param files what the page may fetch beside the script, by address ("/model.json"): contents, or a folder's URL for an address that ends in "/"
   */
  openPage(script: string, files?: PageFiles): Promise<ChromiumPage>;
  close(): Promise<void>;
};

export type ChromiumPage = {
  /** What the script wrote to its console, and its uncaught errors, so far. */
  readonly messages: readonly string[];
  /**
   * Calls an export of the script. Argument and result are plain data: numbers, strings, arrays, records, typed arrays.
   * Where the export throws, so does this, with the same message.
   */
  call(name: string, argument?: unknown): Promise<unknown>;
};

export type NoChromium = { readonly missing: string };

/** Places where systems put it, beside the one that CHROMIUM_PATH names. */
const places = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/usr/bin/google-chrome-stable",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
];

/** WebGPU and WebGL on any machine: a processor may stand in for the GPU, which Chromium otherwise thinks unsafe. */
const softwareGraphics = [
  "--enable-unsafe-webgpu",
  "--enable-unsafe-swiftshader",
  "--use-webgpu-adapter=swiftshader",
  "--use-angle=swiftshader",
];

const html =
  '<!doctype html><link rel="icon" href="data:,"><script type="module">import * as script from "/script.js"; globalThis.script = script;</script>';

const root = fileURLToPath(new URL("../../", import.meta.url));

/**
 * Starts a headless Chromium, or says in `missing` why there is none: tests then print that and are skipped.
 * @param flags replace those that let the processor stand in for a GPU
 */
export async function openChromium(
  flags: readonly string[] = softwareGraphics,
): Promise<Chromium | NoChromium> {
  const path = [process.env["CHROMIUM_PATH"], ...places].find(
    (place) => place !== undefined && existsSync(place),
  );
  if (path === undefined) {
    return { missing: "no Chromium was found; install one, or name it in CHROMIUM_PATH" };
  }
  try {
    const isRoot = process.getuid?.() === 0;
    const args = [...flags, ...(isRoot ? ["--no-sandbox"] : [])];
    return control(await chromium.launch({ executablePath: path, args }));
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { missing: `${path} does not start (${message.split("\n", 1)[0]})` };
  }
}

function control(browser: Browser): Chromium {
  const stops: (() => Promise<void>)[] = [];
  return {
    version: browser.version(),
    async openPage(script, files = {}) {
      const served = await servePage({
        ...files,
        "/": html,
        "/script.js": await bundle(script),
      });
      stops.push(served.stop);
      return openAt(served.address, browser);
    },
    async close() {
      await browser.close();
      await Promise.all(stops.map((stop) => stop()));
    },
  };
}

async function bundle(script: string): Promise<string> {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [script],
    bundle: true,
    write: false,
    format: "esm",
    platform: "browser",
    target: "es2022",
    logLevel: "silent",
  });
  return outputFiles[0]!.text;
}

async function openAt(address: string, browser: Browser): Promise<ChromiumPage> {
  const page = await browser.newPage();
  const messages: string[] = [];
  page.on("console", (message) => messages.push(message.text()));
  page.on("pageerror", (error) => messages.push(error.message));
  await page.goto(address);
  if (!(await page.evaluate("'script' in globalThis"))) {
    throw new Error(`The page's script does not run: ${messages.join("; ")}`);
  }
  return { messages, call: (name, argument) => callExport(page, name, argument) };
}

/** Errors cross over as text, since the browser's side of Playwright would add its stack to the message. */
async function callExport(page: Page, name: string, argument: unknown): Promise<unknown> {
  const answer = await page.evaluate(
    async ({ name, argument }) => {
      const { script } = globalThis as unknown as { script: Record<string, Callable> };
      try {
        return { value: await script[name]!(argument) };
      } catch (error) {
        return { error: error instanceof Error ? error.message : String(error) };
      }
    },
    { name, argument },
  );
  if ("error" in answer) throw new Error(answer.error);
  return answer.value;
}

type Callable = (argument: unknown) => unknown;
