import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** Folder of this package; its sources lie in `cli/`, its bundle in `dist/`, both one level below. */
export const packageRoot = fileURLToPath(new URL("..", import.meta.url));

export function packageVersion(): string {
  const { version }: { version: string } = JSON.parse(
    readFileSync(new URL("../package.json", import.meta.url), "utf8"),
  );
  return version;
}
