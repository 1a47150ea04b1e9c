import { spawn } from "node:child_process";

/**
 * Runs a program and waits for it.
 * @returns {Promise<{ code: number | null, signal: string | null, output: string, out: string, isMissing: boolean }>} what it wrote, `out` without
 *   standard error; `isMissing` where there is no such program
 */
export function runCommand(program, args, { env, ...options } = {}) {
  return new Promise((resolve) => {
    let output = "";
    let out = "";
    const child = spawn(program, args, {
      ...options,
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    child.stdout.on("data", (text) => ((output += text), (out += text)));
    child.stderr.on("data", (text) => (output += text));
    child.on("error", (error) =>
      resolve({ code: 127, signal: null, output: error.message, out: "", isMissing: true }),
    );
    child.on("close", (code, signal) => resolve({ code, signal, output, out, isMissing: false }));
  });
}

/** The last lines that say something: where tools put the reason. */
export function lastLines(output, count = 8) {
  const lines = output.split("\n").filter((line) => line.trim() !== "");
  return lines.slice(-count).map((line) => `  ${line}`);
}
