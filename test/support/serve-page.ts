import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { extname } from "node:path";

/** What can be fetched, by address: contents; or the URL of a folder for an address that ends in "/". */
export type PageFiles = Readonly<Record<string, string | Uint8Array | URL>>;

export type ServedPage = {
  readonly address: string;
  stop(): Promise<void>;
};

const types: Readonly<Record<string, string>> = {
  "": "text/html",
  ".js": "text/javascript",
  ".mjs": "text/javascript",
  ".json": "application/json",
  ".wasm": "application/wasm",
};

/** These two let a page share memory between threads. */
const isolation = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
};

/** A page and files beside it, at an address that browsers trust with a GPU: only a secure context has one. */
export async function servePage(files: PageFiles): Promise<ServedPage> {
  const server = createServer(async ({ url = "/" }, response) => {
    const path = decodeURIComponent(new URL(url, "http://localhost").pathname);
    const content = await findFile(files, path);
    const type = types[extname(path)] ?? "application/octet-stream";
    response.writeHead(content === undefined ? 404 : 200, { "Content-Type": type, ...isolation });
    response.end(content);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    address: `http://127.0.0.1:${port}/`,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function findFile(files: PageFiles, path: string): Promise<string | Uint8Array | undefined> {
  const exact = files[path];
  if (exact !== undefined && !(exact instanceof URL)) return exact;
  for (const [prefix, folder] of Object.entries(files)) {
    if (!(folder instanceof URL) || !path.startsWith(prefix)) continue;
    return readFile(new URL(`./${path.slice(prefix.length)}`, folder)).catch(() => undefined);
  }
  return undefined;
}
